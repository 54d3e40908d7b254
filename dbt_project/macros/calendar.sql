{#
    Fiscal year N (Buddhist) runs from 1 October N-1 to 30 September N; its first quarter is October to December.
    Months and quarters as they stand in the name of a folder (2564-08, 2564-Q2) become days and numbers here only.
#}

{% macro fiscal_year_be(day) -%}
    cast(extract(year from cast({{ day }} as date) + interval '3 months') as integer) + 543
{%- endmacro %}

{% macro fiscal_quarter(day) -%}
    cast(extract(quarter from cast({{ day }} as date) + interval '3 months') as integer)
{%- endmacro %}

{# First day (CE) of a calendar month written 2564-08. #}
{% macro month_first_date(period) -%}
    make_date(cast(left({{ period }}, 4) as integer) - 543, cast(substr({{ period }}, 6, 2) as integer), 1)
{%- endmacro %}

{# Months of the fiscal year that are over when a quarter is: 3, 6, 9, 12. Reports of a quarter are cumulative. #}
{% macro cumulative_months(quarter) -%}
    3 * {{ quarter }}
{%- endmacro %}

{# Days by which something open is overdue on the day of the release: 0 on its day, before it, and without one. #}
{% macro days_overdue(is_open, due_date) -%}
    case when {{ is_open }} and {{ due_date }} < {{ as_of() }} then {{ as_of() }} - {{ due_date }} else 0 end
{%- endmacro %}
