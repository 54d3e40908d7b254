{# Every visit reported, with its place; one visit in two files counts as received last. #}
with located as (
    {{ located_households('stg_sbpac__household_visits', once='household_key, visit_date, visit_no') }}
)

select
    household_key,
    visit_no,
    visit_date,
    official_key,
    visit_outcome,
    has_health_problem,
    has_living_problem,
    has_education_problem,
    has_income_problem,
    has_access_problem,
    help_planned,
    living_stage,
    is_not_poor,
    next_visit_date,
    fiscal_year_be,
    fiscal_quarter,
    period,
    is_household_known,
    leaf_code,
    case when rank_of_row > 1 then 'listed_again' else 'in_marts' end as destination,
    _submission_id,
    _sheet,
    _row
from located
