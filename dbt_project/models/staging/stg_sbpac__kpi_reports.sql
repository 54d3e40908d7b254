with submitted as (
    {{ submitted('kpi_report') }}
)

select
    kpi_code,
    {{ quarter_columns() }},
    kpi_name,
    definition_version,
    unit,
    direction,
    baseline_value,
    target_value,
    actual_value,
    evidence,
    lesson_learnt,
    {{ sent_columns() }}
from submitted
