{# A visit belongs to the month it is reported for: a mistyped day moves no visit into another year. #}
with submitted as (
    {{ submitted('household_visit') }}
)

select
    household_key,
    visit_no,
    visit_date,
    official_key,
    tambon_code,
    visit_outcome,
    has_health_problem,
    has_living_problem,
    has_education_problem,
    has_income_problem,
    has_access_problem,
    nullif(concat_ws(', ', help_planned_1, help_planned_2, help_planned_3), '') as help_planned,
    living_stage,
    is_not_poor,
    next_visit_date,
    {{ month_columns() }},
    {{ sent_columns() }}
from submitted
