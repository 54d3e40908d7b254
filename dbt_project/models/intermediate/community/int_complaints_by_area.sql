{# Complaints by area, quarter of receipt and category (`any`: all of them), added up from the place they are about. #}
{%- set measures = [
    'received_complaints', 'answered_complaints', 'answered_in_time_complaints', 'open_complaints',
    'referred_complaints', 'overdue_complaints', 'mobile_complaints', 'days_to_answer'
] -%}
with by_leaf as (
    select
        leaf_code,
        fiscal_year_be,
        fiscal_quarter,
        category,
        count(*) as received_complaints,
        count(*) filter (where is_answered) as answered_complaints,
        count(*) filter (where is_answered_in_time) as answered_in_time_complaints,
        count(*) filter (where is_open) as open_complaints,
        count(*) filter (where is_referred) as referred_complaints,
        count(*) filter (where is_overdue) as overdue_complaints,
        count(*) filter (where is_mobile) as mobile_complaints,
        coalesce(sum(days_to_answer), 0) as days_to_answer
    from {{ ref('int_complaints_judged') }}
    group by leaf_code, fiscal_year_be, fiscal_quarter, category
),

final as (
    select
        nested.area_code,
        by_leaf.fiscal_year_be,
        by_leaf.fiscal_quarter,
        {% for measure in measures %}
            cast(sum(by_leaf.{{ measure }}) as bigint) as {{ measure }},
        {% endfor %}
        told.category
    from by_leaf
    inner join {{ ref('int_areas_nested') }} as nested on by_leaf.leaf_code = nested.leaf_code
    cross join lateral (values (by_leaf.category), ('any')) as told (category)
    group by nested.area_code, by_leaf.fiscal_year_be, by_leaf.fiscal_quarter, told.category
)

select * from final
