{# Every report on a directive; `is_latest`: the one that tells where it stands. #}
select
    reports.origin_meeting,
    reports.directive_no,
    reports.reported_meeting = directives.last_reported_meeting as is_latest,
    reports.reported_meeting > reports.origin_meeting as is_followup,
    {{ days_overdue('directives.is_open', 'directives.due_date') }} as days_overdue,
    array['meeting_year_be', 'meeting_no', 'directive_no', 'status'] as _columns,
    reports._submission_id,
    reports._sheet,
    reports._row
from {{ ref('int_directives_reported') }} as reports
inner join {{ ref('int_directives_followed') }} as directives
    on reports.origin_meeting = directives.origin_meeting and reports.directive_no = directives.directive_no
where reports.destination = 'in_marts'
