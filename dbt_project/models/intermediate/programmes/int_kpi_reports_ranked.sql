{# Every report on a KPI and whether it counts: of one KPI and quarter sent in two parts, the row received last does. #}
with reports as (
    select
        stg.*,
        {{ last_received('agency_id, kpi_code, period') }} as rank_of_report
    from {{ ref('stg_sbpac__kpi_reports') }} as stg
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        agency_id,
        kpi_code,
        period,
        case when rank_of_report = 1 then 'in_marts' else 'listed_again' end as destination,
        kpi_name,
        definition_version,
        unit,
        direction,
        baseline_value,
        target_value,
        actual_value,
        evidence,
        lesson_learnt,
        _submission_id,
        _sheet,
        _row
    from reports
)

select * from final
