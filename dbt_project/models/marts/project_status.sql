{#
    Months count as missing once their report is overdue, and a project as late once a month has begun after its end:
    both change only on days when the obligation to report does.
#}
with projects as (
    select * from {{ ref('int_projects_consolidated') }}
),

listed as (
    select * from {{ ref('int_projects_listed') }}
),

months as (
    select * from {{ ref('int_projects_by_month') }}
),

latest as (
    select * from months
    where is_latest
),

grace as (
    select max(due_days + grace_days) as days_to_report
    from {{ ref('obligations') }}
    where dataset_id = 'project_progress'
),

running as (
    select
        fiscal_year_be,
        agency_id,
        project_code,
        greatest(date_trunc('month', start_date), make_date(fiscal_year_be - 544, 10, 1)) as first_month,
        least(date_trunc('month', end_date), make_date(fiscal_year_be - 543, 9, 1)) as last_month
    from projects
),

expected as (
    select
        running.fiscal_year_be,
        running.agency_id,
        running.project_code,
        cast(calendar.month_at as date) as month_date
    from running
    cross join
        lateral generate_series(running.first_month, running.last_month, interval '1 month') as calendar (month_at)
    cross join grace
    where
        cast(calendar.month_at + interval '1 month' as date) - 1 + coalesce(grace.days_to_report, 0)
        < {{ as_of() }}
),

followed as (
    select
        expected.fiscal_year_be,
        expected.agency_id,
        expected.project_code,
        count(*) as expected_months,
        count(*) filter (where months.project_code is null) as missing_months
    from expected
    left join months
        on
            expected.fiscal_year_be = months.fiscal_year_be
            and expected.agency_id = months.agency_id
            and expected.project_code = months.project_code
            and expected.month_date = months.month_date
    group by expected.fiscal_year_be, expected.agency_id, expected.project_code
),

reported as (
    select
        fiscal_year_be,
        agency_id,
        project_code,
        count(*) as reported_months
    from months
    group by fiscal_year_be, agency_id, project_code
),

-- Quarters that the latest report closes: a report of May speaks for the plan up to the end of the second quarter.
joined as (
    select
        listed.fiscal_year_be,
        listed.agency_id,
        listed.project_code,
        listed.is_planned,
        listed.plan_line,
        listed.area_level,
        listed.village_code,
        listed.tambon_code,
        listed.amphoe_code,
        listed.province_code,
        listed.area_group_code,
        listed.budget_baht,
        latest.period as latest_month,
        latest.disbursed_cumulative_baht as disbursed_baht,
        latest.committed_cumulative_baht as committed_baht,
        latest.physical_progress_pct,
        latest.outputs,
        latest.obstacles,
        latest.next_step,
        coalesce(reported.reported_months, 0) as reported_months,
        latest.fiscal_quarter
        - cast(extract(month from latest.month_date) not in (12, 3, 6, 9) as integer) as closed_quarters,
        case
            when not listed.is_planned then null
            else coalesce(followed.expected_months, 0)
        end as expected_months,
        case
            when not listed.is_planned then null
            else coalesce(followed.missing_months, 0)
        end as missing_months
    from listed
    left join latest
        on
            listed.fiscal_year_be = latest.fiscal_year_be
            and listed.agency_id = latest.agency_id
            and listed.project_code = latest.project_code
    left join followed
        on
            listed.fiscal_year_be = followed.fiscal_year_be
            and listed.agency_id = followed.agency_id
            and listed.project_code = followed.project_code
    left join reported
        on
            listed.fiscal_year_be = reported.fiscal_year_be
            and listed.agency_id = reported.agency_id
            and listed.project_code = reported.project_code
),

planned as (
    select
        joined.*,
        projects.project_name,
        projects.strategy,
        projects.indicator,
        projects.indicator_target,
        projects.personnel_baht,
        projects.operating_baht,
        projects.investment_baht,
        projects.subsidy_baht,
        projects.other_baht,
        projects.start_date,
        projects.end_date,
        projects.community_names,
        projects.target_group_codes,
        projects.target_rows,
        projects.target_villages,
        projects.target_tambon,
        projects.target_amphoe,
        projects.target_provinces,
        projects.target_persons,
        projects.target_households,
        case joined.closed_quarters
            when 0 then 0 * projects.plan_q1_baht
            when 1 then projects.plan_q1_baht
            when 2 then projects.plan_q1_baht + projects.plan_q2_baht
            when 3 then projects.plan_q1_baht + projects.plan_q2_baht + projects.plan_q3_baht
            when 4 then projects.plan_q1_baht + projects.plan_q2_baht + projects.plan_q3_baht + projects.plan_q4_baht
        end as planned_to_date_baht
    from joined
    left join projects
        on
            joined.fiscal_year_be = projects.fiscal_year_be
            and joined.agency_id = projects.agency_id
            and joined.project_code = projects.project_code
),

agencies as (
    select * from {{ ref('agencies') }}
),

plan_lines as (
    select * from {{ ref('plan_lines') }}
),

final as (
    select
        planned.fiscal_year_be,
        planned.agency_id,
        planned.project_code,
        planned.is_planned,
        planned.project_name,
        agencies.name_th as agency_name_th,
        agencies.name_en as agency_name_en,
        planned.plan_line,
        plan_lines.label_th as plan_line_th,
        plan_lines.label_en as plan_line_en,
        planned.strategy,
        planned.indicator,
        cast(planned.indicator_target as numeric(14, 2)) as indicator_target,
        planned.area_level,
        coalesce(
            case when planned.area_level = 'area_group' then planned.area_group_code end,
            planned.village_code,
            planned.tambon_code,
            planned.amphoe_code,
            planned.province_code,
            'SBP'
        ) as area_code,
        planned.province_code,
        planned.community_names,
        planned.target_group_codes,
        planned.start_date,
        planned.end_date,
        planned.target_rows as target_areas,
        planned.target_villages,
        planned.target_tambon,
        planned.target_amphoe,
        planned.target_provinces,
        planned.target_persons,
        planned.target_households,
        cast(planned.personnel_baht as numeric(16, 2)) as personnel_baht,
        cast(planned.operating_baht as numeric(16, 2)) as operating_baht,
        cast(planned.investment_baht as numeric(16, 2)) as investment_baht,
        cast(planned.subsidy_baht as numeric(16, 2)) as subsidy_baht,
        cast(planned.other_baht as numeric(16, 2)) as other_baht,
        cast(planned.budget_baht as numeric(16, 2)) as budget_baht,
        cast(planned.planned_to_date_baht as numeric(16, 2)) as planned_to_date_baht,
        planned.latest_month,
        cast(planned.disbursed_baht as numeric(16, 2)) as disbursed_baht,
        cast(planned.committed_baht as numeric(16, 2)) as committed_baht,
        cast(
            round(100 * planned.disbursed_baht / nullif(planned.budget_baht, 0), 1) as numeric(22, 1)
        ) as disbursed_of_budget_pct,
        cast(planned.physical_progress_pct as numeric(5, 2)) as physical_progress_pct,
        cast(planned.reported_months as bigint) as reported_months,
        cast(planned.expected_months as bigint) as expected_months,
        cast(planned.missing_months as bigint) as missing_months,
        planned.disbursed_baht > planned.budget_baht as is_over_budget,
        planned.disbursed_baht < planned.planned_to_date_baht as is_behind_plan,
        case
            when planned.end_date is not null
                then
                    planned.end_date < date_trunc('month', {{ as_of() }})
                    and coalesce(planned.physical_progress_pct, 0) < 100
        end as is_late,
        planned.outputs,
        planned.obstacles,
        planned.next_step
    from planned
    left join agencies on planned.agency_id = agencies.agency_id
    left join plan_lines on planned.plan_line = plan_lines.plan_line
)

select * from final
