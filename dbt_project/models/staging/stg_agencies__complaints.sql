{#
    The fiscal quarter is the one a complaint was received in, not that of the month of its file, unless nobody can tell
    the day: a date whose year is not clear is asked about and left out, and its row stays.
#}
{%- set counted_on = "coalesce(received_date, " ~ month_first_date('_period') ~ ")" -%}
with submitted as (
    {{ submitted('complaint') }}
)

select
    complaint_no,
    received_date,
    {{ fiscal_year_be(counted_on) }} as fiscal_year_be,
    {{ fiscal_quarter(counted_on) }} as fiscal_quarter,
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
