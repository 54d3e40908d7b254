{# Whole files an agency sent for a dataset and period, with what was found in each by rule. #}
select
    agency_id,
    dataset_id,
    period,
    issue_code,
    outcome,
    is_first,
    is_in_release,
    rows,
    accepted_rows,
    error_rows,
    queries,
    repaired_cells,
    submission_id as _submission_id
from {{ ref('int_files_findings') }}
