{#
    The fiscal quarters of which the state of the cases is told: from the first list or visit to the running quarter. A
    quarter is told as of its last day, the running one as of the end of the last month that is over, or of the newest
    list if that is later. The newest list of the quarter or before it says who looks after whom.
#}
with lists as (
    select distinct list_date from {{ ref('stg_sbpac__household_assignments') }}
),

months as (
    select distinct month_first_date from {{ ref('stg_sbpac__household_visits') }}
),

ends as (
    select
        greatest(
            cast(date_trunc('month', {{ as_of() }}) as date) - 1,
            (select max(list_date) from lists)
        ) as running_date
),

quarters as (
    select
        ends.running_date,
        cast(begins.first_date as date) as first_date,
        cast(begins.first_date + interval '3 months' as date) - 1 as last_date
    from ends
    cross join lateral generate_series(
        date_trunc('quarter', least(
            ends.running_date,
            (select min(list_date) from lists),
            (select min(month_first_date) from months)
        )),
        date_trunc('quarter', greatest(ends.running_date, (select max(month_first_date) from months))),
        interval '3 months'
    ) as begins (first_date)
),

final as (
    select
        {{ fiscal_year_be('quarters.first_date') }} as fiscal_year_be,
        {{ fiscal_quarter('quarters.first_date') }} as fiscal_quarter,
        quarters.first_date,
        least(quarters.last_date, quarters.running_date) as as_at_date,
        max(lists.list_date) as list_date
    from quarters
    left join lists on quarters.last_date >= lists.list_date
    group by quarters.first_date, quarters.last_date, quarters.running_date
)

select * from final
