{#
    The mart that may be shared, beside the exact one: candidate_safe.<mart>, derived from each column's meta.kind.
    Counts of persons or households up to 7 become NULL, others are rounded to 5, shares are recomputed from the
    rounded counts; official counts are public already. A sum or score that says whom it is about
    (meta.depends_on: <count>) is hidden with that count. What was hidden is named in _redacted.

    A mart for readers of their own (meta.reader) has no twin: rows of one household can't be made safe by rounding.
#}
{% macro build_safe_twin() %}
    {% if not execute or model.config.meta.get('reader') %}{{ return('') }}{% endif %}
    {% set twin = 'candidate_safe.' ~ this.identifier %}
    {% set columns = model.columns %}
    {% set slice_by = model.config.meta.get('slice_by') if model.config.materialized == 'incremental' %}
    {% set stands = adapter.get_relation(this.database, 'candidate_safe', this.identifier) %}
    {% if slice_by and stands %}
    delete from {{ twin }} where {{ _is_not_built(slice_by) }};
    insert into {{ twin }} ({{ columns | join(', ') }}, _redacted)
    {% else %}
    drop table if exists {{ twin }};
    create table {{ twin }} as
    {% endif %}
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
    from {{ this }}
    {% if slice_by and stands %}where {{ _is_not_built(slice_by) }}{% endif %};
    comment on table {{ twin }} is '{{ model.description | replace("'", "''") }}';
    {% for name, column in columns.items() %}
    comment on column {{ twin }}.{{ name }} is '{{ column.description | replace("'", "''") }}';
    {% endfor %}
    comment on column {{ twin }}._redacted is
    'คอลัมน์ที่ปิดค่าในแถวนี้เพราะนับได้ไม่เกิน 7 | Columns hidden in this row because they count 7 or fewer';
{% endmacro %}

{% macro _kind(name, columns) %}{{ return(columns[name].config.meta.kind) }}{% endmacro %}

{# Fit to be told, or to be a share's numerator or denominator; before it is cast to the column's own type. #}
{% macro _safe_figure(name, columns) -%}
    {%- if _kind(name, columns) == 'count' -%}
        case when {{ name }} > 7 then round({{ name }} / 5.0) * 5 end
    {%- elif columns[name].config.meta.depends_on -%}
        case when not ({{ _is_hidden(name, columns) }}) then {{ name }} end
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}

{% macro _safe_value(name, columns) -%}
    {%- set meta = columns[name].config.meta -%}
    {%- if meta.kind == 'count' -%}
        cast({{ _safe_figure(name, columns) }} as {{ columns[name].data_type }})
    {%- elif meta.kind == 'share' -%}
        {{ share_pct('(' ~ _safe_figure(meta.numerator, columns) ~ ')', '(' ~ _safe_figure(meta.denominator, columns) ~ ')') }}
    {%- else -%}
        {{ _safe_figure(name, columns) }}
    {%- endif -%}
{%- endmacro %}

{% macro _is_hidden(name, columns) -%}
    {%- set meta = columns[name].config.meta -%}
    {%- if meta.kind == 'count' -%}
        {{ name }} <= 7
    {%- elif meta.kind == 'share' -%}
        ({{ _is_hidden(meta.numerator, columns) }} or {{ _is_hidden(meta.denominator, columns) }})
    {%- elif meta.depends_on -%}
        {# A count that is not known may be a small one. #}
        coalesce({{ meta.depends_on }}, 0) <= 7
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
