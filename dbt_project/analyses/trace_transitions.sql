{# The rows of both rounds behind each household that is compared, in every area that holds it. #}
with compared as (
    select * from {{ ref('int_households_compared') }}
)

select
    nested.area_code,
    compared.earlier_survey_year_be,
    compared.later_survey_year_be,
    compared.transition,
    cast(compared.household_key as text) as unit_id,
    array['house_code'] as _columns,
    located._submission_id,
    located._sheet,
    located._row
from compared
inner join {{ ref('int_households_located') }} as located
    on
        compared.household_key = located.household_key
        and located.survey_year_be in (compared.earlier_survey_year_be, compared.later_survey_year_be)
inner join {{ ref('int_areas_nested') }} as nested on compared.leaf_code = nested.leaf_code
