{# One row per household somebody looks after at the end of a fiscal quarter, with all that is counted of it. #}
with assigned as (
    select * from {{ ref('int_assignments_active') }}
),

final as (
    select
        assigned.fiscal_year_be,
        assigned.fiscal_quarter,
        assigned.as_at_date,
        assigned.household_key,
        assigned.official_key,
        assigned.official_agency,
        assigned.start_date,
        assigned.active_officials,
        assigned.is_household_known,
        assigned.leaf_code,
        in_need.household_key is not null as is_target_poor,
        coalesce(visits.visits, 0) as visits,
        coalesce(visits.is_visited_in_quarter, false) as is_visited_in_quarter,
        coalesce(visits.is_visited_in_year, false) as is_visited_in_year,
        visits.last_visit_date,
        visits.last_visit_outcome,
        visits.next_visit_date,
        coalesce(visits.next_visit_date < assigned.as_at_date, false) as is_overdue,
        visits.living_stage,
        coalesce(visits.is_not_poor, false) as is_not_poor,
        coalesce(surveys.has_left_poverty, false) as has_left_poverty,
        coalesce(surveys.has_fallen_back, false) as has_fallen_back,
        assigned._submission_id,
        assigned._sheet,
        assigned._row
    from assigned
    left join {{ ref('int_case_visits') }} as visits
        on
            assigned.household_key = visits.household_key
            and assigned.fiscal_year_be = visits.fiscal_year_be
            and assigned.fiscal_quarter = visits.fiscal_quarter
    left join {{ ref('int_case_surveys') }} as surveys
        on
            assigned.household_key = surveys.household_key
            and assigned.fiscal_year_be = surveys.fiscal_year_be
            and assigned.fiscal_quarter = surveys.fiscal_quarter
    left join {{ ref('int_households_in_need') }} as in_need
        on
            assigned.household_key = in_need.household_key
            and assigned.fiscal_year_be = in_need.fiscal_year_be
)

select * from final
