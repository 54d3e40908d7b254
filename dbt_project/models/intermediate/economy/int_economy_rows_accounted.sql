{# Where the lines about economic projects went; what is in the marts is counted where its months still show. #}
with accounted as (
    select
        'economic_project' as dataset_id,
        period,
        'in_marts' as destination,
        cast(sum(counted_lines) as bigint) as accounted_rows
    from {{ ref('int_economic_projects_by_month') }}
    group by period
    union all
    select 'economic_project', period, destination, count(*)
    from {{ ref('int_economic_projects_placed') }}
    where destination <> 'in_marts'
    group by period, destination
)

select * from accounted
