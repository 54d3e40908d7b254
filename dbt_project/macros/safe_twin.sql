{#
    The mart that may be shared, beside the exact one: candidate_safe.<mart>, derived from each column's meta.kind.
    Counts of persons or households up to 7 become NULL, others are rounded to 5, shares are recomputed from the
    rounded counts; official counts are public already. What was hidden is named in _redacted.
#}
{% macro build_safe_twin() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% set twin = 'candidate_safe.' ~ model.name %}
    {% set columns = model.columns %}
    drop table if exists {{ twin }};
    create table {{ twin }} as
    select
        {% for name in columns %}
        {{ _safe_value(name, columns) }} as {{ name }},
        {% endfor %}
        array_remove(
            cast(array[
                {% for name in columns %}
                case when {{ name }} is not null and {{ _is_hidden(name, columns) }} then '{{ name }}' end
                {%- if not loop.last %},{% endif %}
                {% endfor %}
            ] as text[]), null
        ) as _redacted
    from {{ this }};
    comment on table {{ twin }} is '{{ model.description | replace("'", "''") }}';
    {% for name, column in columns.items() %}
    comment on column {{ twin }}.{{ name }} is '{{ column.description | replace("'", "''") }}';
    {% endfor %}
    comment on column {{ twin }}._redacted is
    'คอลัมน์ที่ปิดค่าในแถวนี้เพราะนับได้ไม่เกิน 7 | Columns hidden in this row because they count 7 or fewer';
{% endmacro %}

{% macro _kind(name, columns) %}{{ return(columns[name].config.meta.kind) }}{% endmacro %}

{% macro _safe_count(name, columns) -%}
    {%- if _kind(name, columns) == 'count' -%}
        case when {{ name }} > 7 then round({{ name }} / 5.0) * 5 end
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}

{% macro _safe_value(name, columns) -%}
    {%- set meta = columns[name].config.meta -%}
    {%- if meta.kind == 'count' -%}
        cast({{ _safe_count(name, columns) }} as {{ columns[name].data_type }})
    {%- elif meta.kind == 'share' -%}
        {{ share_pct('(' ~ _safe_count(meta.numerator, columns) ~ ')', '(' ~ _safe_count(meta.denominator, columns) ~ ')') }}
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}

{% macro _is_hidden(name, columns) -%}
    {%- set meta = columns[name].config.meta -%}
    {%- if meta.kind == 'count' -%}
        {{ name }} <= 7
    {%- elif meta.kind == 'share' -%}
        ({{ _is_hidden(meta.numerator, columns) }} or {{ _is_hidden(meta.denominator, columns) }})
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
