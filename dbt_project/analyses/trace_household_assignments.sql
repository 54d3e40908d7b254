{# Rows of the running quarter's list that name an active official of a household. #}
select
    cast(household_key as text) as household_key,
    array['house_code', 'official_id'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_assignments_judged') }}
where
    assignment_state in ('active', 'passed_over')
    and as_at_date = (select max(quarters.as_at_date) from {{ ref('int_case_quarters') }} as quarters)
