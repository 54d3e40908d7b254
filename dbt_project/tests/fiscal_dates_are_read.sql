{# The first and the last day of fiscal years and quarters, known days by hand, and all that intake calls a quarter. #}
with known (day, fiscal_year_be, fiscal_quarter) as (
    values
    (date '2020-10-01', 2564, 1),
    (date '2020-12-31', 2564, 1),
    (date '2021-01-01', 2564, 2),
    (date '2021-03-31', 2564, 2),
    (date '2021-04-01', 2564, 3),
    (date '2021-06-30', 2564, 3),
    (date '2021-07-01', 2564, 4),
    (date '2021-09-30', 2564, 4),
    (date '2021-10-01', 2565, 1),
    (date '2020-11-30', 2564, 1),
    (date '2020-02-29', 2563, 2)
),

quarters as (
    select * from {{ ref('int_periods') }}
    where period_kind = 'fiscal_quarter'
),

months as (
    select * from {{ ref('int_periods') }}
    where period_kind = 'calendar_month'
),

days as (
    select
        day,
        fiscal_year_be,
        fiscal_quarter
    from known
    union all
    select
        bounds.day,
        cast(left(quarters.period, 4) as integer),
        cast(right(quarters.period, 1) as integer)
    from quarters
    cross join lateral (values (quarters.first_date), (quarters.last_date)) as bounds (day)
)

select cast(day as text) as what
from days
where
    {{ fiscal_year_be('day') }} <> fiscal_year_be
    or {{ fiscal_quarter('day') }} <> fiscal_quarter
    or {{ cumulative_months(fiscal_quarter('day')) }} not in (3, 6, 9, 12)
union all
select period
from months
where {{ month_first_date('period') }} <> first_date
