{# What an agency has sent for a dataset and period: parts in this release, and the fate of the latest file. #}
with submissions as (
    select * from {{ ref('int_submissions_known') }}
),

in_release as (
    select
        agency_id,
        dataset_id,
        period,
        count(*) as parts,
        sum(accepted_rows) as accepted_rows,
        sum(rejected_rows) as rejected_rows
    from {{ ref('stg_ops__release_submissions') }}
    group by agency_id, dataset_id, period
),

-- A revision does not make an agency late: the first accepted file of every part now in the release counts.
-- What was withdrawn, or held and never released, counts for nothing; a released hold counts as of its arrival.
first_accepted_by_part as (
    select
        agency_id,
        dataset_id,
        period,
        part,
        min(received_date) as first_accepted_date
    from submissions
    where submission_state in ('in_release', 'superseded')
    group by agency_id, dataset_id, period, part
    having bool_or(submission_state = 'in_release')
),

completed as (
    select
        agency_id,
        dataset_id,
        period,
        max(first_accepted_date) as completed_date
    from first_accepted_by_part
    group by agency_id, dataset_id, period
),

latest as (
    select
        agency_id,
        dataset_id,
        period,
        (array_agg(submission_state order by submission_id desc))[1] as last_state,
        max(received_date) as last_received_date
    from submissions
    where submission_state not in ('duplicate', 'superseded', 'overtaken')
    group by agency_id, dataset_id, period
),

final as (
    select
        latest.agency_id,
        latest.dataset_id,
        latest.period,
        latest.last_state,
        latest.last_received_date,
        completed.completed_date,
        coalesce(in_release.parts, 0) as parts,
        in_release.accepted_rows,
        in_release.rejected_rows
    from latest
    left join in_release
        on
            latest.agency_id = in_release.agency_id
            and latest.dataset_id = in_release.dataset_id
            and latest.period = in_release.period
    left join completed
        on
            latest.agency_id = completed.agency_id
            and latest.dataset_id = completed.dataset_id
            and latest.period = completed.period
)

select * from final
