with submitted as (
    {{ submitted('household_survey') }}
)

select
    household_key,
    cast(_period as integer) as survey_year_be,
    _province_code as province_code,
    tambon_code,
    village_code,
    survey_date,
    member_persons,
    income_per_person_baht,
    _submission_id,
    _sheet,
    _row
from submitted
