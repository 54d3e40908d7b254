{# As the ledger stood when the release was opened, so that building the same release again gives the same. #}
with listed as (
    select
        submission_id,
        state as submission_state
    from {{ source('ops', 'release_ledger') }}
    where release_id = {{ release_id() }}
),

submissions as (
    select * from {{ source('ops', 'submissions') }}
),

final as (
    select
        submissions.submission_id,
        submissions.agency_id,
        submissions.dataset_id,
        submissions.period,
        submissions.part,
        submissions.rows,
        submissions.accepted_rows,
        submissions.rejected_rows,
        cast(submissions.received_at at time zone 'Asia/Bangkok' as date) as received_date,
        -- Releases opened before the ledger said so: a held file that a newer one replaced was never accepted.
        case
            when listed.submission_state = 'superseded' and submissions.verdict = 'held' then 'overtaken'
            else listed.submission_state
        end as submission_state
    from listed
    inner join submissions on listed.submission_id = submissions.submission_id
)

select * from final
