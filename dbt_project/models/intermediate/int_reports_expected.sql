{# Every report an agency has come to owe, whether anything arrived or not, with the last day that counts as on time. #}
with obligations as (
    select * from {{ ref('obligations') }}
),

agencies as (
    select * from {{ ref('agencies') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

final as (
    select
        agencies.agency_id,
        obligations.dataset_id,
        periods.period,
        periods.last_date + obligations.due_days as due_date,
        periods.last_date + obligations.due_days + obligations.grace_days as grace_end_date,
        periods.last_date + obligations.due_days + obligations.grace_days < {{ as_of() }} as is_overdue_by_as_of
    from obligations
    inner join agencies on obligations.agency_kind = agencies.agency_kind
    inner join periods on obligations.period_kind = periods.period_kind
    where
        periods.last_date >= obligations.obligation_from
        and periods.last_date < {{ as_of() }}
)

select * from final
