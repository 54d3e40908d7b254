{# Every report on a directive and whether it counts; of a directive and meeting in two parts, the row received last. #}
with reports as (
    select
        stg.*,
        {{ last_received('origin_meeting, directive_no, reported_meeting') }} as rank_of_report
    from {{ ref('stg_sbpac__directives') }} as stg
)

select
    origin_meeting,
    directive_no,
    reported_meeting,
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
    period,
    case when rank_of_report = 1 then 'in_marts' else 'listed_again' end as destination,
    _submission_id,
    _sheet,
    _row
from reports
