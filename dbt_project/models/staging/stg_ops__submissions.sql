{# Files received after as_of belong to a later release, so that building the same release again gives the same. #}
with submissions as (
    select
        *,
        cast(received_at at time zone 'Asia/Bangkok' as date) as received_date
    from {{ source('ops', 'submissions') }}
),

in_release as (
    select submission_id from {{ ref('stg_ops__release_submissions') }}
),

final as (
    select
        submissions.submission_id,
        submissions.agency_id,
        submissions.dataset_id,
        submissions.period,
        submissions.part,
        submissions.received_date,
        case
            when in_release.submission_id is not null then 'in_release'
            when submissions.state in ('received', 'checked', 'loaded', 'released') then 'waiting'
            else submissions.state
        end as submission_state
    from submissions
    left join in_release on submissions.submission_id = in_release.submission_id
    where submissions.received_date <= {{ as_of() }}
)

select * from final
