with listed as (
    select submission_id
    from {{ source('ops', 'release_submissions') }}
    where release_id = {{ release_id() }}
),

submissions as (
    select * from {{ source('ops', 'submissions') }}
),

agencies as (
    select * from {{ ref('agencies') }}
),

final as (
    select
        submissions.submission_id,
        submissions.agency_id,
        agencies.province_code,
        submissions.dataset_id,
        submissions.period,
        submissions.part,
        submissions.accepted_rows,
        submissions.rejected_rows,
        cast(submissions.received_at at time zone 'Asia/Bangkok' as date) as received_date
    from listed
    inner join submissions on listed.submission_id = submissions.submission_id
    left join agencies on submissions.agency_id = agencies.agency_id
)

select * from final
