{# What readers should know about projects, money and KPIs, counted; wording: seed note_texts. #}
{%- set project = "'project'" -%}
{%- set progress = "'project_progress'" -%}
{%- set kpis = "'kpi_report'" -%}
with projects as (
    select * from {{ ref('int_projects_consolidated') }}
),

months as (
    select * from {{ ref('int_projects_by_month') }}
),

compared as (
    select
        months.fiscal_year_be,
        months.disbursed_cumulative_baht > projects.budget_baht as is_over_budget
    from months
    inner join projects
        on
            months.fiscal_year_be = projects.fiscal_year_be
            and months.agency_id = projects.agency_id
            and months.project_code = projects.project_code
    where months.is_latest
),

listed as (
    select
        listed.fiscal_year_be,
        listed.is_planned,
        listed.budget_baht is null as has_no_budget,
        listed.area_level
    from {{ ref('int_projects_listed') }} as listed
),

kpis as (
    select * from {{ ref('int_kpis_defined') }}
),

findings as (
    {{ finding('projects_over_budget', progress, 'compared', 'fiscal_year_be', where='is_over_budget') }}
    union all
    {{ finding('disbursement_fell', progress, 'months', 'period', where='has_fallen') }}
    union all
    {{ finding('month_differs', progress, 'months', 'period', where='has_month_that_differs') }}
    union all
    {{ finding('progress_without_project', progress, 'listed', 'fiscal_year_be', where='not is_planned') }}
    union all
    {{ finding(
        'project_without_budget', project, 'listed', 'fiscal_year_be', where='is_planned and has_no_budget'
    ) }}
    union all
    {{ finding(
        'project_without_area', project, 'listed', 'fiscal_year_be', where="is_planned and area_level = 'not_stated'"
    ) }}
    union all
    {{ finding(
        'project_budgets_differ', project, 'projects', 'fiscal_year_be', where='has_budgets_that_differ'
    ) }}
    union all
    {{ finding('kpi_changed_in_year', kpis, 'kpis', 'fiscal_year_be', where='has_changed_in_year') }}
)

select * from findings
