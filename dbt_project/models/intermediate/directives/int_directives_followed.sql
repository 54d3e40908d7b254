{# One row per directive, known by the meeting that gave it and its number, as the last meeting to speak of it told. #}
with reports as (
    select * from {{ ref('int_directives_reported') }}
    where destination = 'in_marts'
),

meetings as (
    select max(reported_meeting) as last_meeting
    from reports
),

ranked as (
    select
        reports.*,
        row_number() over newest as rank_of_report,
        count(*) over directive as reports,
        count(*) filter (where reports.reported_meeting > reports.origin_meeting) over directive as followups,
        first_value(reports.due_date) over (
            partition by reports.origin_meeting, reports.directive_no
            order by reports.due_date is null, reports.reported_meeting
        ) as first_due_date
    from reports
    window
        directive as (partition by origin_meeting, directive_no),
        newest as (partition by origin_meeting, directive_no order by reported_meeting desc)
),

latest as (
    select
        ranked.*,
        ranked.status in ('not_started', 'in_progress') as is_open,
        meetings.last_meeting
    from ranked
    cross join meetings
    where ranked.rank_of_report = 1
),

final as (
    select
        latest.origin_meeting,
        latest.directive_no,
        latest.meeting_year_be,
        latest.meeting_no,
        latest.given_date,
        latest.directive_text,
        latest.owner_agency_id,
        latest.owner_name,
        latest.priority,
        latest.first_due_date,
        latest.due_date,
        coalesce(latest.due_date != latest.first_due_date, false) as is_due_date_moved,
        latest.status,
        latest.is_open,
        latest.done_date,
        case when latest.status = 'done' then latest.done_date <= latest.due_date end as is_done_on_time,
        latest.what_was_done,
        latest.reports,
        latest.followups,
        latest.reported_meeting as last_reported_meeting,
        latest.is_open and latest.reported_meeting < latest.last_meeting as is_silent,
        latest.last_meeting,
        latest._submission_id,
        latest._sheet,
        latest._row
    from latest
)

select * from final
