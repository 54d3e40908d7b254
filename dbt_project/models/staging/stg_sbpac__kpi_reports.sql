with submitted as (
    {{ submitted('kpi_report') }}
),

final as (
    select
        submitted.kpi_code,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted._period as period,
        cast(left(submitted._period, 4) as integer) as fiscal_year_be,
        cast(right(submitted._period, 1) as integer) as fiscal_quarter,
        submitted.kpi_name,
        submitted.definition_version,
        submitted.unit,
        submitted.direction,
        submitted.baseline_value,
        submitted.target_value,
        submitted.actual_value,
        submitted.evidence,
        submitted.lesson_learnt,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
)

select * from final
