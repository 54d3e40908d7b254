{# The visits to a household, and which of them had the last word on what. #}
{%- set told = {
    'tells_stage': 'living_stage is not null',
    'tells_not_poor': 'is_not_poor is not null',
    'plans_help': 'help_planned is not null',
} -%}
{%- for dimension in ['health', 'living', 'education', 'income', 'access'] -%}
    {%- do told.update({'tells_' ~ dimension: 'has_' ~ dimension ~ '_problem is not null'}) -%}
{%- endfor -%}
with visits as (
    select
        *,
        {% for name, condition in told.items() %}
            {{ condition }} and row_number() over (
                partition by household_key, {{ condition }}
                order by visit_date desc, visit_no desc, _submission_id desc, _sheet asc, _row asc
            ) = 1 as {{ name }},
        {% endfor %}
        row_number() over (
            partition by household_key
            order by visit_date desc, visit_no desc, _submission_id desc, _sheet asc, _row asc
        ) = 1 as is_last
    from {{ ref('int_visits_listed') }}
    where destination = 'in_marts'
)

select
    cast(household_key as text) as household_key,
    {% for name in told %}
        {{ name }},
    {% endfor %}
    is_last,
    array['house_code', 'visit_date'] as _columns,
    _submission_id,
    _sheet,
    _row
from visits
