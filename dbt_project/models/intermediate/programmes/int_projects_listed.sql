{# Every project anybody speaks of: those of a plan, and those that only a progress report knows. #}
with planned as (
    select * from {{ ref('int_projects_consolidated') }}
),

reported_only as (
    select
        fiscal_year_be,
        agency_id,
        project_code,
        min(sender_province_code) as province_code
    from {{ ref('int_project_reports_matched') }}
    where not is_planned
    group by fiscal_year_be, agency_id, project_code
),

final as (
    select
        fiscal_year_be,
        agency_id,
        project_code,
        true as is_planned,
        plan_line,
        budget_baht,
        plan_q1_baht,
        plan_q2_baht,
        plan_q3_baht,
        plan_q4_baht,
        area_level,
        village_code,
        tambon_code,
        amphoe_code,
        province_code,
        area_group_code
    from planned
    union all
    select
        fiscal_year_be,
        agency_id,
        project_code,
        false,
        'not_stated',
        cast(null as numeric(16, 2)),
        cast(null as numeric(14, 2)),
        cast(null as numeric(14, 2)),
        cast(null as numeric(14, 2)),
        cast(null as numeric(14, 2)),
        'not_stated',
        cast(null as text),
        cast(null as text),
        cast(null as text),
        province_code,
        cast(null as text)
    from reported_only
)

select * from final
