{#
    Every file somebody has decided about, with what became of it. The file that tells how clean a part of a report was
    when it first came is the first one of which rows could be read. Held and withdrawn files are counted and not looked
    into: what is found in them may still change.
#}
with decided as (
    select
        *,
        case
            when submission_state in ('in_release', 'superseded') then 'accepted'
            when submission_state = 'overtaken' then 'held'
            else submission_state
        end as outcome
    from {{ ref('int_submissions_known') }}
    where submission_state not in ('waiting', 'duplicate')
),

looked_into as (
    select
        *,
        outcome in ('accepted', 'rejected') as is_looked_into,
        outcome in ('accepted', 'rejected') and rows > 0 as is_read
    from decided
),

final as (
    select
        submission_id,
        agency_id,
        dataset_id,
        period,
        part,
        outcome,
        is_looked_into,
        submission_state = 'in_release' as is_in_release,
        coalesce(
            submission_id = min(submission_id) filter (where is_read)
                over (partition by agency_id, dataset_id, period, part),
            false
        ) as is_first,
        rows,
        accepted_rows,
        rejected_rows
    from looked_into
)

select * from final
