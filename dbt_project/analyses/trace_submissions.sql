{# Whole files an agency sent for a dataset and period, as they stood when the release was opened. #}
select
    submissions.agency_id,
    submissions.dataset_id,
    submissions.period,
    submissions.part,
    submissions.submission_state,
    submissions.received_date,
    submissions.submission_state = 'in_release' as is_in_release,
    in_release.accepted_rows,
    in_release.rejected_rows,
    submissions.submission_id as _submission_id
from {{ ref('stg_ops__submissions') }} as submissions
left join {{ ref('stg_ops__release_submissions') }} as in_release
    on submissions.submission_id = in_release.submission_id
