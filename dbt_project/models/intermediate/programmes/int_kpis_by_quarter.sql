{#
    One row per KPI and quarter of its fiscal year that is over or was reported: a KPI known in the year and silent in
    a quarter has its row too. Achievement by direction: more is better: actual of target; less: target of actual.
#}
with kpis as (
    select * from {{ ref('int_kpis_defined') }}
),

reports as (
    select * from {{ ref('int_kpi_reports_ranked') }}
    where destination = 'in_marts'
),

quarters as (
    select
        kpis.*,
        numbers.fiscal_quarter,
        -- Over: its last day is before the release's.
        make_date(kpis.fiscal_year_be - 544, 10, 1) + make_interval(months => 3 * numbers.fiscal_quarter)
        <= {{ as_of() }} as is_over
    from kpis
    cross join generate_series(1, 4) as numbers (fiscal_quarter)
),

reported as (
    select
        quarters.*,
        reports.kpi_code is not null as has_report,
        reports.baseline_value,
        reports.target_value,
        reports.actual_value,
        reports.evidence,
        reports.lesson_learnt,
        reports._submission_id,
        reports._sheet,
        reports._row,
        case
            when reports.actual_value is null then 'not_reported'
            when reports.target_value is null then 'no_target'
            when quarters.direction = 'more_is_better' and reports.actual_value >= reports.target_value then 'met'
            when quarters.direction = 'less_is_better' and reports.actual_value <= reports.target_value then 'met'
            else 'missed'
        end as outcome,
        cast(
            case quarters.direction
                when 'more_is_better' then round(100 * reports.actual_value / nullif(reports.target_value, 0), 1)
                else round(100 * reports.target_value / nullif(reports.actual_value, 0), 1)
            end as numeric(24, 1)
        ) as achieved_pct
    from quarters
    left join reports
        on
            quarters.fiscal_year_be = reports.fiscal_year_be
            and quarters.fiscal_quarter = reports.fiscal_quarter
            and quarters.agency_id = reports.agency_id
            and quarters.kpi_code = reports.kpi_code
    where quarters.is_over or reports.kpi_code is not null
),

final as (
    select
        reported.fiscal_year_be,
        reported.fiscal_quarter,
        reported.agency_id,
        reported.kpi_code,
        reported.kpi_name,
        reported.definition_version,
        reported.unit,
        reported.direction,
        reported.is_comparable_with_year_before,
        reported.has_report,
        reported.baseline_value,
        reported.target_value,
        reported.actual_value,
        reported.achieved_pct,
        reported.outcome,
        reported.evidence,
        reported.lesson_learnt,
        reported._submission_id,
        reported._sheet,
        reported._row,
        cast(
            case when reported.is_comparable_with_year_before then earlier.actual_value end as numeric(16, 4)
        ) as actual_year_before_value,
        cast(
            case when reported.is_comparable_with_year_before then reported.actual_value - earlier.actual_value end
            as numeric(17, 4)
        ) as change_value
    from reported
    left join reported as earlier
        on
            reported.agency_id = earlier.agency_id
            and reported.kpi_code = earlier.kpi_code
            and reported.fiscal_quarter = earlier.fiscal_quarter
            and reported.fiscal_year_be - 1 = earlier.fiscal_year_be
)

select * from final
