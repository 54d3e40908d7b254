{# Every report on a KPI and whether it counts: of one KPI and quarter sent in two parts, the row received last does. #}
with listed as (
    {{ listed_once('stg_sbpac__kpi_reports', once='agency_id, kpi_code, period') }}
)

select
    fiscal_year_be,
    fiscal_quarter,
    agency_id,
    kpi_code,
    period,
    destination,
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
from listed
