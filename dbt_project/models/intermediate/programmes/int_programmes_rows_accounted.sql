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
    {{ rows_left_out('project', 'int_project_targets_placed') }}
    union all
    {{ rows_accounted('project_progress', 'int_project_reports_matched', in_marts='int_projects_by_month') }}
    union all
    select
        'kpi_report', cast(fiscal_year_be as text) || '-Q' || cast(fiscal_quarter as text), 'in_marts', count(*)
    from {{ ref('int_kpis_by_quarter') }}
    where has_report
    group by fiscal_year_be, fiscal_quarter
    union all
    {{ rows_left_out('kpi_report', 'int_kpi_reports_ranked') }}
)

select * from accounted
