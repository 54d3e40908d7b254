with quarters as (
    select * from {{ ref('int_projects_by_quarter') }}
),

nested as (
    select * from {{ ref('int_projects_nested') }}
),

plan_lines as (
    select * from {{ ref('plan_lines') }}
),

added_up as (
    select
        nested.area_code,
        nested.area_level,
        nested.portion,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        quarters.plan_line,
        count(*) as projects,
        count(*) filter (where quarters.has_report) as reported_projects,
        count(*) filter (where not quarters.is_planned) as unplanned_projects,
        sum(quarters.budget_baht) as budget_baht,
        sum(quarters.planned_quarter_baht) as planned_quarter_baht,
        sum(quarters.planned_cumulative_baht) as planned_cumulative_baht,
        sum(quarters.disbursed_quarter_baht) as disbursed_quarter_baht,
        sum(quarters.disbursed_cumulative_baht) as disbursed_cumulative_baht,
        sum(quarters.committed_cumulative_baht) as committed_cumulative_baht
    from quarters
    inner join nested
        on
            quarters.fiscal_year_be = nested.fiscal_year_be
            and quarters.agency_id = nested.agency_id
            and quarters.project_code = nested.project_code
    group by
        nested.area_code,
        nested.area_level,
        nested.portion,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        quarters.plan_line
),

final as (
    select
        added_up.area_code,
        added_up.fiscal_year_be,
        added_up.fiscal_quarter,
        added_up.plan_line,
        added_up.portion,
        added_up.area_level,
        case
            when added_up.area_level in ('village', 'tambon', 'amphoe', 'province') then left(added_up.area_code, 2)
        end as province_code,
        {{ cumulative_months('added_up.fiscal_quarter') }} as cumulative_months,
        plan_lines.label_th as plan_line_th,
        plan_lines.label_en as plan_line_en,
        added_up.projects,
        added_up.reported_projects,
        added_up.unplanned_projects,
        cast(added_up.budget_baht as numeric(18, 2)) as budget_baht,
        cast(added_up.planned_quarter_baht as numeric(18, 2)) as planned_quarter_baht,
        cast(added_up.planned_cumulative_baht as numeric(18, 2)) as planned_cumulative_baht,
        cast(added_up.disbursed_quarter_baht as numeric(18, 2)) as disbursed_quarter_baht,
        cast(added_up.disbursed_cumulative_baht as numeric(18, 2)) as disbursed_cumulative_baht,
        cast(added_up.committed_cumulative_baht as numeric(18, 2)) as committed_cumulative_baht,
        cast(
            round(100 * added_up.disbursed_cumulative_baht / nullif(added_up.budget_baht, 0), 1) as numeric(22, 1)
        ) as disbursed_of_budget_pct,
        cast(
            round(100 * added_up.disbursed_cumulative_baht / nullif(added_up.planned_cumulative_baht, 0), 1)
            as numeric(22, 1)
        ) as disbursed_of_plan_pct
    from added_up
    left join plan_lines on added_up.plan_line = plan_lines.plan_line
)

select * from final
