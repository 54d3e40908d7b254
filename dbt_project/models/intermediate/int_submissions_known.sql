{#
    What agencies sent, as the release found it. Folders that name no agency, dataset or period of ours are answered by
    their receipt; they are no report.
#}
with submissions as (
    select * from {{ ref('stg_ops__submissions') }}
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
        submissions.received_date,
        submissions.submission_state
    from submissions
    inner join {{ ref('agencies') }} as agencies on submissions.agency_id = agencies.agency_id
    inner join {{ ref('datasets') }} as datasets on submissions.dataset_id = datasets.dataset_id
    where submissions.period ~ '^2[4-6][0-9]{2}(-(Q[1-4]|[0-9]{2}(-[0-9]{2})?))?$'
)

select * from final
