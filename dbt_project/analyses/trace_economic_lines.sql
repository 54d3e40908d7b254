{# Every line about an economic project and place in a quarter; `is_latest`: those its participants are read from. #}
select
    fiscal_year_be,
    fiscal_quarter,
    agency_id,
    initiative,
    project_code,
    place_code as area_code,
    month_date,
    participant_persons,
    poor_member_persons,
    income_baht,
    month_date = max(month_date) over (
        partition by fiscal_year_be, fiscal_quarter, agency_id, initiative, project_code, place_code
    ) as is_latest,
    array['initiative', 'participant_persons', 'income_baht'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_economic_projects_placed') }}
where destination = 'in_marts'
