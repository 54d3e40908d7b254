{# The row of a plan that a project's money is read from, for every quarter and in every area the project counts in. #}
select
    nested.area_code,
    nested.portion,
    quarters.fiscal_year_be,
    quarters.fiscal_quarter,
    quarters.plan_line,
    quarters.has_report,
    quarters.is_planned,
    quarters.budget_baht,
    quarters.planned_quarter_baht,
    quarters.planned_cumulative_baht,
    array['plan_q' || cast(quarters.fiscal_quarter as text) || '_baht'] as quarter_columns,
    (array['plan_q1_baht', 'plan_q2_baht', 'plan_q3_baht', 'plan_q4_baht'])[1:quarters.fiscal_quarter]
        as cumulative_columns,
    array['budget_baht'] as _columns,
    projects._submission_id,
    projects._sheet,
    projects._row
from {{ ref('int_projects_by_quarter') }} as quarters
inner join {{ ref('int_projects_nested') }} as nested
    on
        quarters.fiscal_year_be = nested.fiscal_year_be
        and quarters.agency_id = nested.agency_id
        and quarters.project_code = nested.project_code
inner join {{ ref('int_projects_consolidated') }} as projects
    on
        quarters.fiscal_year_be = projects.fiscal_year_be
        and quarters.agency_id = projects.agency_id
        and quarters.project_code = projects.project_code
