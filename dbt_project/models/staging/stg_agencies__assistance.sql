{# Help belongs to the month it is reported for: a mistyped day moves no help into another year. #}
with submitted as (
    {{ submitted('assistance', identifiers=['person_key']) }}
)

select
    recipient_kind,
    household_key,
    linkable_person_key,
    person_key_kind,
    tambon_code,
    assistance_kind,
    amount_baht,
    given_date,
    money_source,
    {{ month_columns() }},
    {{ sent_columns() }}
from submitted
