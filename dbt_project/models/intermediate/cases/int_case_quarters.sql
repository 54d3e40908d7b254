{#
    The fiscal quarters of which the state of the cases is told: from the first list or visit to the newest. A quarter
    is told as of its last day, the newest one as of the day the files reach: that of the newest list, or the last of the
    newest month of visits. The newest list of the quarter or before it says who looks after whom. Before anything has
    been sent there is one quarter, that of the last month that is over.
#}
with lists as (
    select distinct list_date from {{ ref('stg_sbpac__household_assignments') }}
),

months as (
    select distinct
        month_first_date,
        cast(month_first_date + interval '1 month' as date) - 1 as last_date
    from {{ ref('stg_sbpac__household_visits') }}
),

reached as (
    select
        coalesce(
            greatest((select max(list_date) from lists), (select max(last_date) from months)),
            cast(date_trunc('month', {{ as_of() }}) as date) - 1
        ) as reached_date,
        least((select min(list_date) from lists), (select min(month_first_date) from months)) as first_date
),

quarters as (
    select
        reached.reached_date,
        cast(begins.first_date as date) as first_date,
        cast(begins.first_date + interval '3 months' as date) - 1 as last_date
    from reached
    cross join lateral generate_series(
        date_trunc('quarter', coalesce(reached.first_date, reached.reached_date)),
        date_trunc('quarter', reached.reached_date),
        interval '3 months'
    ) as begins (first_date)
),

final as (
    select
        {{ fiscal_year_be('quarters.first_date') }} as fiscal_year_be,
        {{ fiscal_quarter('quarters.first_date') }} as fiscal_quarter,
        quarters.first_date,
        least(quarters.last_date, quarters.reached_date) as as_at_date,
        max(lists.list_date) as list_date
    from quarters
    left join lists on quarters.last_date >= lists.list_date
    group by quarters.first_date, quarters.last_date, quarters.reached_date
)

select * from final
