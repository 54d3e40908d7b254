with submitted as (
    {{ submitted('unregistered_person', identifiers=['person_key', 'earlier_person_key']) }}
)

select
    record_no,
    linkable_person_key,
    person_key_kind,
    earlier_linkable_person_key,
    earlier_person_key_kind,
    household_key,
    sex,
    tambon_code,
    village_code,
    document_kind,
    proof_stage,
    application_date,
    granted_date,
    cast(_period as integer) as calendar_year_be,
    {{ sent_columns() }}
from submitted
