{# What readers should know about civil society organisations and activities, counted; wording: seed note_texts. #}
{%- set organisation = "'civil_society_organisation'" -%}
{%- set activity = "'activity'" -%}
with organisations as (
    select * from {{ ref('int_civil_society_organisations_compared') }}
),

years as (
    select distinct fiscal_year_be from organisations
),

-- Listed a year ago and not in the list that followed.
gone as (
    select organisations.fiscal_year_be + 1 as fiscal_year_be
    from organisations
    inner join years on organisations.fiscal_year_be + 1 = years.fiscal_year_be
    left join organisations as later
        on
            organisations.organisation_code = later.organisation_code
            and organisations.fiscal_year_be + 1 = later.fiscal_year_be
    where later.organisation_code is null
),

activities as (
    select * from {{ ref('int_activities_placed') }}
    where destination = 'in_marts'
),

findings as (
    {{ finding(
        'organisations_without_place', organisation, 'organisations', 'fiscal_year_be', where="place_level = 'region'"
    ) }}
    union all
    {{ finding('organisations_gone', organisation, 'gone', 'fiscal_year_be') }}
    union all
    {{ finding('activities_over_budget', activity, 'activities', 'period', where='spent_baht > budget_baht') }}
    union all
    {{ finding(
        'activities_without_lesson', activity, 'activities', 'period',
        where="activity_kind = 'lessons_learnt' and lesson_learnt is null"
    ) }}
)

select * from findings
