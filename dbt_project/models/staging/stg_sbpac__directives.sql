{# A meeting is named as its folder is, 2565-05, which sorts by time. #}
with submitted as (
    {{ submitted('directive') }}
)

select
    cast(meeting_year_be as text) || '-' || lpad(cast(meeting_no as text), 2, '0') as origin_meeting,
    directive_no,
    _period as reported_meeting,
    meeting_year_be,
    meeting_no,
    given_date,
    directive_text,
    owner_agency_id,
    owner_name,
    priority,
    due_date,
    status,
    done_date,
    what_was_done,
    {{ sent_columns() }}
from submitted
