{#
    Quarters from the first month reported to the newest, with how many of their months were. Two years compare where
    the same months were reported in both.
#}
with months as (
    select distinct
        month_first_date,
        fiscal_year_be,
        fiscal_quarter
    from {{ ref('int_incidents_placed') }}
    where destination = 'in_marts'
),

quarters as (
    select
        {{ fiscal_year_be('begins.first_date') }} as fiscal_year_be,
        {{ fiscal_quarter('begins.first_date') }} as fiscal_quarter
    from (
        select
            min(months.month_first_date) as first_month,
            max(months.month_first_date) as newest_month
        from months
    ) as bounds
    cross join lateral generate_series(
        date_trunc('quarter', bounds.first_month), date_trunc('quarter', bounds.newest_month), interval '3 months'
    ) as begins (first_date)
),

reported as (
    select
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        cast(count(months.month_first_date) as integer) as reported_months,
        array_agg(extract(month from months.month_first_date) order by months.month_first_date) as month_numbers
    from quarters
    left join months
        on quarters.fiscal_year_be = months.fiscal_year_be and quarters.fiscal_quarter = months.fiscal_quarter
    group by quarters.fiscal_year_be, quarters.fiscal_quarter
),

final as (
    select
        reported.fiscal_year_be,
        reported.fiscal_quarter,
        reported.reported_months,
        reported.reported_months = 3 as is_complete,
        coalesce(
            reported.reported_months > 0 and reported.month_numbers = earlier.month_numbers, false
        ) as is_comparable_with_year_before
    from reported
    left join reported as earlier
        on
            reported.fiscal_year_be - 1 = earlier.fiscal_year_be
            and reported.fiscal_quarter = earlier.fiscal_quarter
)

select * from final
