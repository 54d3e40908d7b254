{#
    Complaints as last reported: answered, open or passed on, and whether within the standard of their category.
    Whether an open one is overdue is told as of the release.
#}
with complaints as (
    select * from {{ ref('int_complaints_reported') }}
    where destination = 'in_marts'
),

judged as (
    select
        complaints.agency_id,
        complaints.complaint_no,
        complaints.period,
        complaints.fiscal_year_be,
        complaints.fiscal_quarter,
        complaints.category,
        complaints.leaf_code,
        complaints.received_date,
        complaints._submission_id,
        complaints._sheet,
        complaints._row,
        standards.due_days,
        complaints.answered_date is not null as is_answered,
        complaints.answered_date is null and complaints.complaint_status = 'referred' as is_referred,
        complaints.answered_date is null and complaints.complaint_status <> 'referred' as is_open,
        complaints.channel = 'mobile_sbpac' as is_mobile,
        complaints.answered_date - complaints.received_date as days_to_answer
    from complaints
    left join {{ ref('complaint_standards') }} as standards on complaints.category = standards.category
),

final as (
    select
        judged.*,
        coalesce(judged.days_to_answer <= judged.due_days, false) as is_answered_in_time,
        coalesce(judged.is_open and judged.received_date + judged.due_days < {{ as_of() }}, false) as is_overdue
    from judged
)

select * from final
