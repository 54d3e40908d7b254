{# The row of the latest survey that met a household. #}
select
    cast(located.household_key as text) as household_key,
    located.member_persons,
    located.income_per_person_baht,
    array['house_code'] as _columns,
    located._submission_id,
    located._sheet,
    located._row
from {{ ref('int_households_latest') }} as latest
inner join {{ ref('int_households_located') }} as located
    on latest.household_key = located.household_key and latest.survey_year_be = located.survey_year_be
