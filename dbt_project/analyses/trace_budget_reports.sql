{#
    The report a quarter's cumulative figures are read from (`is_current`), and the one of the quarter before, which is
    taken off it, in every area the project counts in.
#}
with quarters as (
    select * from {{ ref('int_projects_by_quarter') }}
    where is_reported_on
),

reports as (
    select * from {{ ref('int_projects_by_month') }}
    where is_latest_of_quarter
),

ends as (
    select
        quarters.fiscal_year_be,
        quarters.agency_id,
        quarters.project_code,
        quarters.plan_line,
        quarters.fiscal_quarter,
        sides.is_current,
        max(reports.month_date) as month_date
    from quarters
    cross join
        lateral (
            values (true, quarters.fiscal_quarter), (false, quarters.fiscal_quarter - 1)
        ) as sides (is_current, up_to_quarter)
    inner join reports
        on
            quarters.fiscal_year_be = reports.fiscal_year_be
            and quarters.agency_id = reports.agency_id
            and quarters.project_code = reports.project_code
            and sides.up_to_quarter >= reports.fiscal_quarter
    group by
        quarters.fiscal_year_be,
        quarters.agency_id,
        quarters.project_code,
        quarters.plan_line,
        quarters.fiscal_quarter,
        sides.is_current
)

select
    nested.area_code,
    nested.portion,
    ends.fiscal_year_be,
    ends.fiscal_quarter,
    ends.plan_line,
    ends.is_current,
    reports.disbursed_cumulative_baht,
    reports.committed_cumulative_baht,
    array['disbursed_cumulative_baht'] as _columns,
    reports._submission_id,
    reports._sheet,
    reports._row
from ends
inner join reports
    on
        ends.fiscal_year_be = reports.fiscal_year_be
        and ends.agency_id = reports.agency_id
        and ends.project_code = reports.project_code
        and ends.month_date = reports.month_date
inner join {{ ref('int_projects_nested') }} as nested
    on
        ends.fiscal_year_be = nested.fiscal_year_be
        and ends.agency_id = nested.agency_id
        and ends.project_code = nested.project_code
