{# A list as of a day is owed for the last day of a fiscal quarter, written as its folder is: 2564-12-31. #}
with quarters as (
    select * from {{ ref('int_periods') }}
    where period_kind = 'fiscal_quarter'
),

days as (
    select * from {{ ref('int_periods') }}
    where period_kind = 'as_of_date'
)

select
    quarters.period as fiscal_quarter,
    days.period as as_of_date
from quarters
full join days on quarters.last_date = days.last_date
where
    quarters.period is null
    or days.period is null
    or days.first_date != days.last_date
    or days.period not like cast(extract(year from days.last_date) + 543 as text) || '-__-__'
    or right(days.period, 5) not in ('03-31', '06-30', '09-30', '12-31')
