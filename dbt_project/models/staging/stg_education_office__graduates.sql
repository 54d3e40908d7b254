with submitted as (
    {{ submitted('graduate', identifiers=['person_key']) }}
)

select
    record_no,
    linkable_person_key,
    person_key_kind,
    household_key,
    sex,
    tambon_code,
    village_code,
    level,
    institution,
    field_of_study,
    current_status,
    help_received,
    asked_date,
    cast(_period as integer) as academic_year_be,
    {{ sent_columns() }}
from submitted
