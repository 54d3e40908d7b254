{# The row of the list by which a household has its official, in every area, with all that is counted of it. #}
select
    nested.area_code,
    cases.fiscal_year_be,
    cases.fiscal_quarter,
    cases.official_agency,
    cases.official_key,
    cases.is_household_known,
    cases.is_target_poor,
    cases.active_officials,
    cases.visits,
    cases.is_visited_in_quarter,
    cases.is_visited_in_year,
    cases.is_overdue,
    cases.living_stage,
    cases.is_not_poor,
    cases.has_left_poverty,
    cases.has_fallen_back,
    array['house_code', 'official_id'] as _columns,
    cases._submission_id,
    cases._sheet,
    cases._row
from {{ ref('int_case_households') }} as cases
inner join {{ ref('int_areas_nested') }} as nested on cases.leaf_code = nested.leaf_code
