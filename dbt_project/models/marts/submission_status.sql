with expected as (
    select * from {{ ref('int_reports_expected') }}
),

received as (
    select * from {{ ref('int_reports_received') }}
),

agencies as (
    select * from {{ ref('agencies') }}
),

reports as (
    select
        coalesce(expected.agency_id, received.agency_id) as agency_id,
        coalesce(expected.dataset_id, received.dataset_id) as dataset_id,
        coalesce(expected.period, received.period) as period,
        expected.due_date,
        -- Owed once the grace is over; one that came earlier was owed too.
        cast(
            expected.agency_id is not null
            and (expected.is_overdue_by_as_of or coalesce(received.parts, 0) > 0) as integer
        ) as expected_reports,
        cast(coalesce(received.parts, 0) > 0 as integer) as actual_reports,
        cast(
            coalesce(received.parts > 0 and received.completed_date <= expected.grace_end_date, false) as integer
        ) as actual_reports_on_time,
        coalesce(received.last_state, 'not_received') as last_state,
        received.last_received_date,
        cast(coalesce(received.parts, 0) as integer) as parts,
        cast(received.accepted_rows as bigint) as accepted_rows,
        cast(received.rejected_rows as bigint) as rejected_rows
    from expected
    full outer join received
        on
            expected.agency_id = received.agency_id
            and expected.dataset_id = received.dataset_id
            and expected.period = received.period
),

final as (
    select
        reports.agency_id,
        agencies.agency_kind,
        agencies.province_code,
        agencies.name_th as agency_name_th,
        agencies.name_en as agency_name_en,
        reports.dataset_id,
        reports.period,
        reports.due_date,
        reports.expected_reports,
        reports.actual_reports,
        {{ share_pct('reports.actual_reports', 'reports.expected_reports') }} as reporting_rate_pct,
        reports.actual_reports_on_time,
        {{ share_pct('reports.actual_reports_on_time', 'reports.expected_reports') }} as reporting_rate_on_time_pct,
        reports.last_state,
        reports.last_received_date,
        reports.parts,
        reports.accepted_rows,
        reports.rejected_rows
    from reports
    left join agencies on reports.agency_id = agencies.agency_id
)

select * from final
