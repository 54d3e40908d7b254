{# Every monthly report on a project; `is_latest`: the one its status is read from. #}
select
    fiscal_year_be,
    agency_id,
    project_code,
    is_latest,
    disbursed_cumulative_baht,
    committed_cumulative_baht,
    physical_progress_pct,
    array['project_code', 'disbursed_cumulative_baht'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_projects_by_month') }}
