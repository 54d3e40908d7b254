{# A list of who looks after whom, as it stood on a day. #}
with submitted as (
    {{ submitted('household_assignment') }}
)

select
    household_key,
    official_key,
    official_agency,
    tambon_code,
    assignment_status = 'active' as is_listed_active,
    start_date,
    end_date,
    {{ list_date('_period') }} as list_date,
    {{ sent_columns() }}
from submitted
