{# A person is known by an identifier that may link records; anyone else by their own record, so nobody is dropped. #}
with submitted as (
    {{ submitted('household_member', identifiers=['person_key']) }}
)

select
    household_key,
    member_no,
    cast(_period as integer) as survey_year_be,
    _province_code as province_code,
    linkable_person_key,
    person_key_kind,
    sex,
    relation,
    education_level,
    occupation,
    _submission_id,
    _sheet,
    _row
from submitted
