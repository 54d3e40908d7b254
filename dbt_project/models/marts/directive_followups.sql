with directives as (
    select
        followed.*,
        {{ days_overdue('followed.is_open', 'followed.due_date') }} as days_overdue
    from {{ ref('int_directives_followed') }} as followed
),

agencies as (
    select * from {{ ref('agencies') }}
),

final as (
    select
        directives.origin_meeting,
        directives.directive_no,
        directives.meeting_year_be,
        directives.meeting_no,
        directives.given_date,
        directives.directive_text,
        agencies.agency_id as owner_agency_id,
        coalesce(agencies.name_th, directives.owner_name, directives.owner_agency_id) as owner_name_th,
        coalesce(agencies.name_en, directives.owner_name, directives.owner_agency_id) as owner_name_en,
        directives.priority,
        directives.first_due_date,
        directives.due_date,
        directives.is_due_date_moved,
        directives.status,
        directives.is_open,
        directives.days_overdue > 0 as is_overdue,
        directives.days_overdue,
        directives.done_date,
        directives.is_done_on_time,
        directives.what_was_done,
        directives.followups,
        directives.last_reported_meeting,
        directives.is_silent
    from directives
    left join agencies on directives.owner_agency_id = agencies.agency_id
)

select * from final
