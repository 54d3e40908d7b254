{# The fiscal quarter is the one a complaint was received in, not that of the month of its file. #}
with submitted as (
    {{ submitted('complaint') }}
)

select
    complaint_no,
    received_date,
    {{ fiscal_year_be('received_date') }} as fiscal_year_be,
    {{ fiscal_quarter('received_date') }} as fiscal_quarter,
    {{ month_first_date('_period') }} as month_first_date,
    channel,
    category,
    province_code as place_province_code,
    amphoe_code as place_amphoe_code,
    tambon_code as place_tambon_code,
    complaint_status,
    answered_date,
    closed_date,
    {{ sent_columns() }}
from submitted
