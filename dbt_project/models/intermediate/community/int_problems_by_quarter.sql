{#
    Problems as last told at the end of each quarter, from the first list to the newest one of anybody. A problem that a
    later list leaves out is still there as it was told; a solved one stays to the end of the fiscal year.
#}
with listed as (
    select * from {{ ref('int_problems_listed') }}
    where destination = 'in_marts'
),

followed as (
    select
        listed.*,
        lead(listed.quarter_no) over (
            partition by listed.agency_id, listed.problem_no order by listed.quarter_no
        ) - 1 as until_next_no,
        case when listed.problem_status = 'solved' then 4 * listed.fiscal_year_be + 4 end as until_year_ends_no,
        max(listed.quarter_no) over () as newest_no
    from listed
),

final as (
    select
        followed.agency_id,
        followed.problem_no,
        (told.quarter_no - 1) / 4 as fiscal_year_be,
        (told.quarter_no - 1) % 4 + 1 as fiscal_quarter,
        told.quarter_no,
        told.quarter_no = followed.quarter_no as is_listed,
        told.quarter_no = followed.newest_no as is_newest_quarter,
        followed.leaf_code,
        followed.problem_kind,
        followed.severity,
        followed.affected_households,
        followed.problem_status,
        followed.problem_status <> 'solved' as is_unsolved,
        followed.project_code,
        followed.is_planned,
        case
            when followed.is_planned
                then concat_ws('/', followed.fiscal_year_be, followed.planned_agency_id, followed.project_code)
        end as planned_project_id,
        followed.severity = 'severe' and followed.problem_status <> 'solved' and not followed.is_planned
            as is_severe_unanswered,
        followed._submission_id,
        followed._sheet,
        followed._row
    from followed
    cross join lateral generate_series(
        followed.quarter_no,
        least(followed.until_next_no, followed.until_year_ends_no, followed.newest_no)
    ) as told (quarter_no)
)

select * from final
