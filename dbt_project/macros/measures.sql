{# A share in percent with one decimal; NULL when its base is nobody. The safe twin uses the same one. #}
{% macro share_pct(numerator, denominator) -%}
    cast(round(100.0 * {{ numerator }} / nullif({{ denominator }}, 0), 1) as numeric(5, 1))
{%- endmacro %}

{# So many on every hundred rows, with one decimal; there may be several in a row. #}
{% macro per_100_rows(figure, rows) -%}
    cast(round(100.0 * {{ figure }} / nullif({{ rows }}, 0), 1) as numeric(9, 1))
{%- endmacro %}

{# Of several rows for one thing, the one received last; ties by place in the file, so that a rebuild chooses alike. #}
{% macro last_received(keys) -%}
    row_number() over (partition by {{ keys }} order by _submission_id desc, _sheet, _row)
{%- endmacro %}

{# Village of the list, or its tambon's remainder (moo 00), or the sender's province when the tambon is unknown. #}
{% macro leaf_code(village_code, tambon_code, province_code) -%}
    coalesce({{ village_code }}, {{ tambon_code }} || '00', {{ province_code }} || '000000')
{%- endmacro %}
