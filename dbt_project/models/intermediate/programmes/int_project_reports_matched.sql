{#
    Every monthly report with the project it speaks of: its sender's own, else the only one of that year with its code.
    A report of a project that no plan lists keeps its sender and is seen beside the planned ones.
#}
with reports as (
    select * from {{ ref('stg_agencies__project_reports') }}
),

projects as (
    select
        fiscal_year_be,
        agency_id,
        project_code,
        count(*) over (partition by fiscal_year_be, project_code) as projects_with_code
    from {{ ref('int_projects_consolidated') }}
),

matched as (
    select
        reports.*,
        coalesce(own.agency_id, only_one.agency_id, reports.agency_id) as responsible_agency_id,
        coalesce(own.agency_id, only_one.agency_id) is not null as is_planned
    from reports
    left join projects as own
        on
            reports.fiscal_year_be = own.fiscal_year_be
            and reports.project_code = own.project_code
            and reports.agency_id = own.agency_id
    left join projects as only_one
        on
            reports.fiscal_year_be = only_one.fiscal_year_be
            and reports.project_code = only_one.project_code
            and only_one.projects_with_code = 1
),

ranked as (
    select
        matched.*,
        row_number() over (
            partition by matched.responsible_agency_id, matched.project_code, matched.month_date
            order by
                matched.agency_id = matched.responsible_agency_id desc,
                matched._submission_id desc,
                matched._sheet asc,
                matched._row asc
        ) as rank_of_report
    from matched
),

final as (
    select
        fiscal_year_be,
        responsible_agency_id as agency_id,
        project_code,
        month_date,
        fiscal_quarter,
        period,
        case when rank_of_report = 1 then 'in_marts' else 'listed_again' end as destination,
        is_planned,
        agency_id as sender_agency_id,
        province_code as sender_province_code,
        disbursed_cumulative_baht,
        disbursed_month_baht,
        committed_cumulative_baht,
        committed_month_baht,
        physical_progress_pct,
        outputs,
        obstacles,
        next_step,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
