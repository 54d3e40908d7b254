with submitted as (
    {{ submitted('welfare_card', identifiers=['person_key']) }}
)

select
    linkable_person_key,
    person_key_kind,
    cast(_period as integer) as registration_round_be,
    _agency_id as agency_id,
    _province_code as province_code,
    validation_status = 'validated' as is_validated,
    registered_date,
    tambon_code,
    _submission_id,
    _sheet,
    _row
from submitted
