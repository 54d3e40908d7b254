{# Whole files of this release that a note speaks of: those of its dataset, period and province. #}
select
    notes.note_no,
    submissions.part,
    submissions.submission_id as _submission_id
from {{ ref('release_notes') }} as notes
inner join {{ ref('stg_ops__release_submissions') }} as submissions
    on
        notes.dataset_id = submissions.dataset_id
        and coalesce(notes.period, submissions.period) = submissions.period
        and coalesce(left(notes.area_code, 2), submissions.province_code) is not distinct from submissions.province_code
