{#
    What the visits up to the end of a fiscal quarter say of a household that has an official then: how many there were,
    what the last one found, and when the next one is due. The stage is that of the last visit that told one.
#}
with assigned as (
    select * from {{ ref('int_assignments_active') }}
),

visits as (
    select * from {{ ref('int_visits_listed') }}
    where destination = 'in_marts'
),

final as (
    select
        assigned.fiscal_year_be,
        assigned.fiscal_quarter,
        assigned.household_key,
        count(*) as visits,
        bool_or(visits.fiscal_year_be = assigned.fiscal_year_be) as is_visited_in_year,
        bool_or(
            visits.fiscal_year_be = assigned.fiscal_year_be and visits.fiscal_quarter = assigned.fiscal_quarter
        ) as is_visited_in_quarter,
        max(visits.visit_date) as last_visit_date,
        {{ last_of_visits('visit_outcome') }} as last_visit_outcome,
        {{ last_of_visits('next_visit_date') }} as next_visit_date,
        {{ last_of_visits('living_stage', 'visits.living_stage is not null') }} as living_stage,
        coalesce({{ last_of_visits('is_not_poor', 'visits.is_not_poor is not null') }}, false) as is_not_poor
    from assigned
    inner join visits on assigned.household_key = visits.household_key
    where (visits.fiscal_year_be, visits.fiscal_quarter) <= (assigned.fiscal_year_be, assigned.fiscal_quarter)
    group by assigned.fiscal_year_be, assigned.fiscal_quarter, assigned.household_key
)

select * from final
