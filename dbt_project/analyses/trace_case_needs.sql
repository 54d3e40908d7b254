{# The survey row of each target-poor household, in every area and quarter, with whether it has an official then. #}
select
    nested.area_code,
    quarters.fiscal_year_be,
    quarters.fiscal_quarter,
    cases.household_key is not null as has_official,
    array['house_code'] as _columns,
    located._submission_id,
    located._sheet,
    located._row
from {{ ref('int_households_in_need') }} as needs
inner join {{ ref('int_case_quarters') }} as quarters on needs.fiscal_year_be = quarters.fiscal_year_be
inner join {{ ref('int_areas_nested') }} as nested on needs.leaf_code = nested.leaf_code
inner join {{ ref('int_households_located') }} as located
    on needs.household_key = located.household_key and needs.survey_year_be = located.survey_year_be
left join {{ ref('int_case_households') }} as cases
    on
        needs.household_key = cases.household_key
        and quarters.fiscal_year_be = cases.fiscal_year_be
        and quarters.fiscal_quarter = cases.fiscal_quarter
