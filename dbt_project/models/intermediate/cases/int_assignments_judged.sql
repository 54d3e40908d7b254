{#
    What each assignment of the list that counts in a quarter is, as at its day: active, ended, not yet begun, or passed
    over because another official of the same household began later (of the same day: was received later).
#}
with listed as (
    select * from {{ ref('int_assignments_listed') }}
    where destination = 'in_marts'
),

quarters as (
    select * from {{ ref('int_case_quarters') }}
),

judged as (
    select
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        quarters.as_at_date,
        listed.*,
        case
            when listed.start_date > quarters.as_at_date then 'not_begun'
            when listed.is_listed_active and coalesce(listed.end_date >= quarters.as_at_date, true) then 'active'
            else 'ended'
        end as state_by_dates
    from listed
    inner join quarters on listed.list_date = quarters.list_date
),

ranked as (
    select
        *,
        row_number() over (
            partition by fiscal_year_be, fiscal_quarter, household_key, state_by_dates
            order by start_date desc nulls last, _submission_id desc, _sheet asc, _row asc
        ) as rank_in_state,
        min(start_date) over (partition by fiscal_year_be, fiscal_quarter, household_key) as first_start_date
    from judged
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        as_at_date,
        household_key,
        official_key,
        official_agency,
        start_date,
        first_start_date,
        is_household_known,
        leaf_code,
        case
            when state_by_dates = 'active' and rank_in_state > 1 then 'passed_over'
            else state_by_dates
        end as assignment_state,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
