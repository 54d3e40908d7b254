{# Where the rows of projects, their progress and KPIs went; what is in the marts is counted where the marts read. #}
with accounted as (
    select
        'project' as dataset_id,
        cast(fiscal_year_be as text) as period,
        'in_marts' as destination,
        cast(sum(target_rows) as bigint) as accounted_rows
    from {{ ref('int_projects_consolidated') }}
    group by fiscal_year_be
    union all
    select 'project', period, destination, count(*)
    from {{ ref('int_project_targets_placed') }}
    where destination <> 'in_marts'
    group by period, destination
    union all
    select 'project_progress', period, 'in_marts', count(*)
    from {{ ref('int_projects_by_month') }}
    group by period
    union all
    select 'project_progress', period, destination, count(*)
    from {{ ref('int_project_reports_matched') }}
    where destination <> 'in_marts'
    group by period, destination
    union all
    select
        'kpi_report', cast(fiscal_year_be as text) || '-Q' || cast(fiscal_quarter as text), 'in_marts', count(*)
    from {{ ref('int_kpis_by_quarter') }}
    where has_report
    group by fiscal_year_be, fiscal_quarter
    union all
    select 'kpi_report', period, destination, count(*)
    from {{ ref('int_kpi_reports_ranked') }}
    where destination <> 'in_marts'
    group by period, destination
)

select * from accounted
