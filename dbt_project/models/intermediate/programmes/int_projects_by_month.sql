{#
    One row per project and month reported, beside the report before it in the fiscal year. What was disbursed between
    two reports is the difference of their cumulative figures; the first of a year counts from nothing.
#}
with reports as (
    select * from {{ ref('int_project_reports_matched') }}
    where destination = 'in_marts'
),

compared as (
    select
        reports.*,
        lag(reports.disbursed_cumulative_baht) over of_the_year as before_baht,
        lag(reports.month_date) over of_the_year as before_date,
        row_number() over (
            partition by reports.fiscal_year_be, reports.agency_id, reports.project_code
            order by reports.month_date desc
        ) = 1 as is_latest,
        row_number() over (
            partition by reports.fiscal_year_be, reports.agency_id, reports.project_code, reports.fiscal_quarter
            order by reports.month_date desc
        ) = 1 as is_latest_of_quarter
    from reports
    window of_the_year as (partition by fiscal_year_be, agency_id, project_code order by month_date)
),

final as (
    select
        compared.fiscal_year_be,
        compared.agency_id,
        compared.project_code,
        compared.month_date,
        compared.fiscal_quarter,
        compared.period,
        compared.is_planned,
        compared.sender_agency_id,
        compared.disbursed_cumulative_baht,
        compared.disbursed_month_baht,
        compared.committed_cumulative_baht,
        compared.committed_month_baht,
        compared.physical_progress_pct,
        compared.outputs,
        compared.obstacles,
        compared.next_step,
        compared.is_latest,
        compared.is_latest_of_quarter,
        cast(compared.disbursed_cumulative_baht - coalesce(compared.before_baht, 0) as numeric(14, 2))
            as disbursed_since_baht,
        coalesce(compared.disbursed_cumulative_baht < compared.before_baht, false) as has_fallen,
        -- Only where the report before is that of the month before, or there is none to be: October.
        coalesce(
            compared.disbursed_month_baht <> compared.disbursed_cumulative_baht - coalesce(compared.before_baht, 0)
            and (
                compared.before_date = cast(compared.month_date - interval '1 month' as date)
                or (compared.before_date is null and extract(month from compared.month_date) = 10)
            ),
            false
        ) as has_month_that_differs,
        compared._submission_id,
        compared._sheet,
        compared._row
    from compared
)

select * from final
