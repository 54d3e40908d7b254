with submitted as (
    {{ submitted('vulnerable_person', identifiers=['person_key']) }}
)

select
    record_no,
    linkable_person_key,
    person_key_kind,
    household_key,
    sex,
    tambon_code,
    village_code,
    group_code,
    main_need,
    second_need,
    care_status,
    care_kind,
    care_date,
    {{ quarter_columns() }},
    {{ sent_columns() }}
from submitted
