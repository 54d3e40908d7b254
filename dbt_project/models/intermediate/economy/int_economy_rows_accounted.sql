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
    {{ rows_left_out('economic_project', 'int_economic_projects_placed') }}
)

select * from accounted
