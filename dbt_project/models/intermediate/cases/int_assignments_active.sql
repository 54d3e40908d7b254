{# Who looks after a household at the end of each fiscal quarter, and how many officials the list names for it. #}
with judged as (
    select
        *,
        count(*) over (partition by fiscal_year_be, fiscal_quarter, household_key) as active_officials
    from {{ ref('int_assignments_judged') }}
    where assignment_state in ('active', 'passed_over')
)

select
    fiscal_year_be,
    fiscal_quarter,
    as_at_date,
    household_key,
    official_key,
    official_agency,
    start_date,
    first_start_date,
    active_officials,
    is_household_known,
    leaf_code,
    _submission_id,
    _sheet,
    _row
from judged
where assignment_state = 'active'
