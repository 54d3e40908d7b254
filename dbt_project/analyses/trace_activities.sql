{# The row about an activity. #}
select
    fiscal_year_be,
    agency_id,
    activity_code,
    participant_persons,
    male_persons,
    female_persons,
    official_persons,
    community_leader_persons,
    religious_leader_persons,
    civil_society_persons,
    youth_persons,
    women_group_persons,
    general_public_persons,
    budget_baht,
    spent_baht,
    array['activity_code', 'activity_name'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_activities_placed') }}
where destination = 'in_marts'
