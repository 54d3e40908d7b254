{# What readers should know about problems, incidents and complaints, counted; wording: seed note_texts. #}
{%- set quarter = "cast(fiscal_year_be as text) || '-Q' || cast(fiscal_quarter as text)" -%}
with problems as (
    select * from {{ ref('int_problems_by_quarter') }}
    where is_newest_quarter
),

quarters as (
    select * from {{ ref('int_incident_quarters') }}
),

complaints as (
    select * from {{ ref('int_complaints_reported') }}
    where destination = 'in_marts'
),

findings as (
    {{ finding(
        'problem_project_unplanned', "'community_problem'", 'problems', quarter,
        where='project_code is not null and not is_planned'
    ) }}
    union all
    {{ finding(
        'problems_unlisted', "'community_problem'", 'problems', quarter, where='not is_listed and is_unsolved'
    ) }}
    union all
    {{ finding(
        'incident_months_missing', "'security_incident'", 'quarters', quarter,
        where='not is_complete', figure='3 - max(reported_months)'
    ) }}
    union all
    {{ finding(
        'complaint_place_vague', "'complaint'", 'complaints', 'fiscal_year_be',
        where="place_level <> 'tambon'"
    ) }}
)

select * from findings
