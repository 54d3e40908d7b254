{#
    One row per project and fiscal quarter: what was to be disbursed and what was, in the quarter and since 1 October.
    A quarter without a report keeps the figure of the one before; nothing is said of quarters nobody has reported on.
#}
with projects as (
    select * from {{ ref('int_projects_listed') }}
),

reports as (
    select * from {{ ref('int_projects_by_month') }}
    where is_latest_of_quarter
),

last_reported as (
    select
        fiscal_year_be,
        max(fiscal_quarter) as fiscal_quarter
    from reports
    group by fiscal_year_be
),

quarters as (
    select
        projects.*,
        numbers.fiscal_quarter,
        coalesce(numbers.fiscal_quarter <= last_reported.fiscal_quarter, false) as is_reported_on,
        case numbers.fiscal_quarter
            when 1 then projects.plan_q1_baht
            when 2 then projects.plan_q2_baht
            when 3 then projects.plan_q3_baht
            else projects.plan_q4_baht
        end as planned_quarter_baht
    from projects
    cross join generate_series(1, 4) as numbers (fiscal_quarter)
    left join last_reported on projects.fiscal_year_be = last_reported.fiscal_year_be
),

with_reports as (
    select distinct on (quarters.fiscal_year_be, quarters.agency_id, quarters.project_code, quarters.fiscal_quarter)
        quarters.*,
        coalesce(reports.fiscal_quarter = quarters.fiscal_quarter, false) as has_report,
        reports.disbursed_cumulative_baht as reported_disbursed_baht,
        reports.committed_cumulative_baht as reported_committed_baht
    from quarters
    left join reports
        on
            quarters.fiscal_year_be = reports.fiscal_year_be
            and quarters.agency_id = reports.agency_id
            and quarters.project_code = reports.project_code
            and quarters.fiscal_quarter >= reports.fiscal_quarter
    order by
        quarters.fiscal_year_be asc,
        quarters.agency_id asc,
        quarters.project_code asc,
        quarters.fiscal_quarter asc,
        reports.fiscal_quarter desc nulls last
),

cumulated as (
    select
        with_reports.*,
        cast(sum(with_reports.planned_quarter_baht) over to_date as numeric(16, 2)) as planned_cumulative_baht,
        cast(
            case
                when with_reports.is_reported_on then coalesce(with_reports.reported_disbursed_baht, 0)
            end as numeric(14, 2)
        ) as disbursed_cumulative_baht,
        cast(
            case
                when with_reports.is_reported_on then coalesce(with_reports.reported_committed_baht, 0)
            end as numeric(14, 2)
        ) as committed_cumulative_baht
    from with_reports
    window to_date as (partition by fiscal_year_be, agency_id, project_code order by fiscal_quarter)
),

final as (
    select
        cumulated.fiscal_year_be,
        cumulated.agency_id,
        cumulated.project_code,
        cumulated.fiscal_quarter,
        cumulated.is_planned,
        cumulated.plan_line,
        cumulated.is_reported_on,
        cumulated.has_report,
        cumulated.budget_baht,
        cumulated.planned_quarter_baht,
        cumulated.planned_cumulative_baht,
        cumulated.disbursed_cumulative_baht,
        cumulated.committed_cumulative_baht,
        cast(
            cumulated.disbursed_cumulative_baht - coalesce(
                lag(cumulated.disbursed_cumulative_baht) over (
                    partition by cumulated.fiscal_year_be, cumulated.agency_id, cumulated.project_code
                    order by cumulated.fiscal_quarter
                ),
                0
            ) as numeric(14, 2)
        ) as disbursed_quarter_baht
    from cumulated
)

select * from final
