{# The report on a KPI of a quarter. #}
select
    fiscal_year_be,
    fiscal_quarter,
    agency_id,
    kpi_code,
    baseline_value,
    target_value,
    actual_value,
    array['kpi_code', 'actual_value'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_kpis_by_quarter') }}
where has_report
