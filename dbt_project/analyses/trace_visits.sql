{# The row of each visit of a quarter, in every area that holds its household, with the agency that looks after it. #}
select
    nested.area_code,
    visits.fiscal_year_be,
    visits.fiscal_quarter,
    cases.official_agency,
    visits.is_household_known,
    cases.household_key is not null as is_assigned,
    array['house_code', 'visit_date'] as _columns,
    visits._submission_id,
    visits._sheet,
    visits._row
from {{ ref('int_visits_listed') }} as visits
inner join {{ ref('int_areas_nested') }} as nested on visits.leaf_code = nested.leaf_code
left join {{ ref('int_case_households') }} as cases
    on
        visits.household_key = cases.household_key
        and visits.fiscal_year_be = cases.fiscal_year_be
        and visits.fiscal_quarter = cases.fiscal_quarter
where visits.destination = 'in_marts'
