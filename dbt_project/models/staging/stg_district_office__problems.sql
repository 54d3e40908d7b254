with submitted as (
    {{ submitted('community_problem') }}
)

select
    problem_no,
    {{ quarter_columns() }},
    tambon_code as place_tambon_code,
    village_code as place_village_code,
    problem_kind,
    severity,
    affected_households,
    first_reported_date,
    problem_status,
    project_code,
    project_agency_id,
    {{ sent_columns() }}
from submitted
