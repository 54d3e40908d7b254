{# Buddhist periods of every kind that recurs, from the first survey round on, with the days (CE) they cover. #}
with bounds as (
    select
        min(first_survey_year_be) - 543 as first_year,
        cast(extract(year from {{ as_of() }}) as integer) + 1 as last_year
    from {{ ref('survey_rounds') }}
),

years as (
    select generate_series(first_year, last_year) as year_ce
    from bounds
),

quarters as (
    select
        years.year_ce,
        numbers.quarter,
        cast(
            make_date(years.year_ce - 1, 10, 1) + make_interval(months => 3 * (numbers.quarter - 1)) as date
        ) as first_date
    from years
    cross join generate_series(1, 4) as numbers (quarter)
),

months as (
    select
        years.year_ce,
        numbers.month_no,
        make_date(years.year_ce, numbers.month_no, 1) as first_date
    from years
    cross join generate_series(1, 12) as numbers (month_no)
),

unioned as (
    select
        kinds.period_kind,
        cast(year_ce + 543 as text) as period,
        make_date(year_ce, 1, 1) as first_date,
        make_date(year_ce, 12, 31) as last_date
    from years
    cross join (values ('calendar_year'), ('survey_round')) as kinds (period_kind)
    union all
    select 'fiscal_year', cast(year_ce + 543 as text), make_date(year_ce - 1, 10, 1), make_date(year_ce, 9, 30)
    from years
    union all
    select 'academic_year', cast(year_ce + 543 as text), make_date(year_ce, 5, 16), make_date(year_ce + 1, 3, 31)
    from years
    union all
    select
        'fiscal_quarter',
        cast(year_ce + 543 as text) || '-Q' || cast(quarter as text),
        first_date,
        cast(first_date + interval '3 months' as date) - 1
    from quarters
    union all
    select
        'calendar_month',
        cast(year_ce + 543 as text) || '-' || lpad(cast(month_no as text), 2, '0'),
        first_date,
        cast(first_date + interval '1 month' as date) - 1
    from months
    -- Lists as of a day are owed for the last day of each fiscal quarter.
    union all
    select
        'as_of_date',
        cast(extract(year from last_date) + 543 as text) || to_char(last_date, '-MM-DD'),
        last_date,
        last_date
    from (
        select cast(first_date + interval '3 months' as date) - 1 as last_date
        from quarters
    ) as ends
)

select * from unioned
