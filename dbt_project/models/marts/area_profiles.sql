{#
    Figures of other marts side by side. Each is there as its column's meta.taken_from says, which the gate compares and
    a trace follows. A list counts in every area its row lies in, and is unknown in a year nobody sent it for.
#}
{%- set programmes = ['santitham', 'mankhong', 'small_peace_area'] -%}
{%- set groups = {
    'vulnerable': 'fiscal_year',
    'malaysia_returnee': 'fiscal_year',
    'unregistered': 'calendar_year',
    'graduate': 'academic_year'
} -%}
{%- set sources = [
    'poverty', 'transitions', 'people', 'help', 'cases', 'budgets', 'strengths', 'problems', 'security', 'complaints',
    'programme_lists', 'organisations', 'events', 'economy'
] -%}
{%- set lists = {
    'programme_lists': 'programme_areas',
    'organisations': 'civil_society_organisations',
    'events': 'activities'
} -%}

with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

-- Of each year the last quarter that is known: what is a state and not a flow is told as it was then.
known_quarters as (
    select
        fiscal_year_be,
        fiscal_quarter,
        'case' as what
    from {{ ref('case_progress_by_area') }}
    where area_code = 'SBP'
    union all
    select
        fiscal_year_be,
        fiscal_quarter,
        'budget'
    from {{ ref('budgets_by_area') }}
    where disbursed_cumulative_baht is not null
    union all
    select
        fiscal_year_be,
        fiscal_quarter,
        'problem'
    from {{ ref('problems_by_area') }}
    where area_code = 'SBP' and problems is not null
    union all
    select
        fiscal_year_be,
        fiscal_quarter,
        'economic'
    from {{ ref('economic_projects') }}
),

newest_quarters as (
    select
        {% for what in ['case', 'budget', 'problem', 'economic'] %}
            max(fiscal_quarter) filter (where what = '{{ what }}') as {{ what }}_fiscal_quarter,
        {% endfor %}
        fiscal_year_be
    from known_quarters
    group by fiscal_year_be
),

poverty as (
    select
        *,
        survey_year_be as fiscal_year_be
    from {{ ref('poverty_by_area') }}
),

transitions as (
    select
        *,
        later_survey_year_be as fiscal_year_be
    from {{ ref('poverty_transitions_by_area') }}
    where earlier_survey_year_be = later_survey_year_be - 1
),

people as (
    select
        area_code,
        cast(period as integer) as fiscal_year_be,
        {% for target_group, period_kind in groups.items() %}
            sum(group_persons) filter (
                where target_group_id = '{{ target_group }}' and period_kind = '{{ period_kind }}'
            ) as {{ target_group }}_persons,
        {% endfor %}
        sum(seeking_work_persons) filter (
            where target_group_id = 'graduate' and period_kind = 'academic_year'
        ) as graduate_seeking_work_persons
    from {{ ref('target_groups_by_area') }}
    where period_kind in ('fiscal_year', 'calendar_year', 'academic_year')
    group by area_code, period
),

help as (
    select
        *,
        amount_baht as assistance_baht
    from {{ ref('assistance_coverage_by_area') }}
),

cases as (
    select told.*
    from {{ ref('case_progress_by_area') }} as told
    inner join newest_quarters as newest
        on told.fiscal_year_be = newest.fiscal_year_be and told.fiscal_quarter = newest.case_fiscal_quarter
),

budgets as (
    select
        told.area_code,
        told.fiscal_year_be,
        sum(told.projects) as projects,
        sum(told.budget_baht) as budget_baht,
        sum(told.disbursed_cumulative_baht) as disbursed_baht
    from {{ ref('budgets_by_area') }} as told
    inner join newest_quarters as newest
        on told.fiscal_year_be = newest.fiscal_year_be and told.fiscal_quarter = newest.budget_fiscal_quarter
    where told.portion = 'whole'
    group by told.area_code, told.fiscal_year_be
),

strengths as (
    select
        *,
        average_score as average_village_score
    from {{ ref('village_strengths') }}
    where criterion_id = 'overall'
),

problems as (
    select told.*
    from {{ ref('problems_by_area') }} as told
    inner join newest_quarters as newest
        on told.fiscal_year_be = newest.fiscal_year_be and told.fiscal_quarter = newest.problem_fiscal_quarter
    where told.problem_kind = 'any'
),

security as (
    select
        area_code,
        fiscal_year_be,
        sum(incidents) as incidents,
        sum(hurt_persons) as hurt_persons
    from {{ ref('security_by_area') }}
    where incident_kind = 'any'
    group by area_code, fiscal_year_be
),

complaints as (
    select
        area_code,
        fiscal_year_be,
        sum(received_complaints) as received_complaints,
        sum(answered_complaints) as answered_complaints,
        sum(overdue_complaints) as overdue_complaints
    from {{ ref('complaints_by_area') }}
    where category = 'any'
    group by area_code, fiscal_year_be
),

programme_lists as (
    select
        of_area as area_code,
        {% for programme in programmes %}
            count(*) filter (where programme_id = '{{ programme }}') as {{ programme }}_listed,
        {% endfor %}
        fiscal_year_be
    from ({{ in_every_area('programme_areas') | indent(4) }}) as listed
    group by of_area, fiscal_year_be
),

organisations as (
    select
        of_area as area_code,
        fiscal_year_be,
        count(*) as listed
    from ({{ in_every_area('civil_society_organisations') | indent(4) }}) as listed
    group by of_area, fiscal_year_be
),

events as (
    select
        of_area as area_code,
        fiscal_year_be,
        count(*) as listed
    from ({{ in_every_area('activities') | indent(4) }}) as listed
    group by of_area, fiscal_year_be
),

economy as (
    select
        told.of_area as area_code,
        told.fiscal_year_be,
        sum(told.participant_persons) as economic_participant_persons,
        sum(told.cumulative_income_baht) as economic_income_baht
    from ({{ in_every_area('economic_projects') | indent(4) }}) as told
    inner join newest_quarters as newest
        on told.fiscal_year_be = newest.fiscal_year_be and told.fiscal_quarter = newest.economic_fiscal_quarter
    group by told.of_area, told.fiscal_year_be
),

years as (
    {%- for source in sources %}
        select fiscal_year_be from {{ source }}
        {% if not loop.last %}union{% endif %}
    {% endfor -%}
),

-- Whether anybody sent a list for the year: if so, an area without a row has none.
sent as (
    select
        {% for source in lists %}
            fiscal_year_be in (select listed.fiscal_year_be from {{ source }} as listed) as has_{{ source }},
        {% endfor %}
        fiscal_year_be
    from years
),

joined as (
    select
        areas.area_code,
        sent.fiscal_year_be,
        areas.area_level,
        areas.province_code,
        sent.fiscal_year_be - 1 as earlier_survey_year_be,
        newest.case_fiscal_quarter,
        newest.budget_fiscal_quarter,
        newest.problem_fiscal_quarter,
        newest.economic_fiscal_quarter,
        poverty.population_persons,
        poverty.surveyed_households,
        poverty.surveyed_persons,
        poverty.surveyed_poor_persons,
        poverty.target_poor_persons,
        poverty.target_poor_households,
        poverty.health_poor_households,
        poverty.living_poor_households,
        poverty.education_poor_households,
        poverty.income_poor_households,
        poverty.access_poor_households,
        transitions.left_poverty_households,
        transitions.newly_poor_households,
        people.vulnerable_persons,
        people.malaysia_returnee_persons,
        people.unregistered_persons,
        people.graduate_persons,
        people.graduate_seeking_work_persons,
        help.helped_target_poor_households,
        help.unhelped_target_poor_households,
        help.assistance_baht,
        help.helped_recipients,
        cases.assigned_households,
        cases.target_poor_without_official_households,
        cases.overdue_households,
        cases.sustainable_households,
        budgets.projects,
        budgets.budget_baht,
        budgets.disbursed_baht,
        strengths.assessed_villages,
        strengths.strong_villages,
        strengths.average_village_score,
        case when sent.has_programme_lists then coalesce(programme_lists.santitham_listed, 0) end as santitham_areas,
        case when sent.has_programme_lists then coalesce(programme_lists.mankhong_listed, 0) end as mankhong_areas,
        case when sent.has_programme_lists then coalesce(programme_lists.small_peace_area_listed, 0) end
            as small_peace_areas,
        problems.open_problems,
        problems.severe_unanswered_problems,
        security.incidents,
        security.hurt_persons,
        complaints.received_complaints,
        complaints.answered_complaints,
        complaints.overdue_complaints,
        case when sent.has_organisations then coalesce(organisations.listed, 0) end as civil_society_organisations,
        case when sent.has_events then coalesce(events.listed, 0) end as activities,
        economy.economic_participant_persons,
        economy.economic_income_baht
    from areas
    cross join sent
    left join newest_quarters as newest on sent.fiscal_year_be = newest.fiscal_year_be
    {% for source in sources %}
        left join {{ source }}
            on areas.area_code = {{ source }}.area_code and sent.fiscal_year_be = {{ source }}.fiscal_year_be
    {% endfor %}
    -- Every tambon and above in every year, so that a silent one shows; villages where anything is known.
    where
        areas.area_level <> 'village'
        {%- for source in sources %}
            or {{ source }}.area_code is not null
        {%- endfor %}
),

final as (
    select
        area_code,
        fiscal_year_be,
        area_level,
        province_code,
        earlier_survey_year_be,
        case_fiscal_quarter,
        budget_fiscal_quarter,
        problem_fiscal_quarter,
        economic_fiscal_quarter,
        cast(population_persons as bigint) as population_persons,
        cast(surveyed_households as bigint) as surveyed_households,
        cast(surveyed_persons as bigint) as surveyed_persons,
        cast(surveyed_poor_persons as bigint) as surveyed_poor_persons,
        cast(target_poor_persons as bigint) as target_poor_persons,
        {{ share_pct('target_poor_persons', 'surveyed_persons') }} as target_poor_persons_pct,
        cast(target_poor_households as bigint) as target_poor_households,
        cast(health_poor_households as bigint) as health_poor_households,
        cast(living_poor_households as bigint) as living_poor_households,
        cast(education_poor_households as bigint) as education_poor_households,
        cast(income_poor_households as bigint) as income_poor_households,
        cast(access_poor_households as bigint) as access_poor_households,
        cast(left_poverty_households as bigint) as left_poverty_households,
        cast(newly_poor_households as bigint) as newly_poor_households,
        cast(vulnerable_persons as bigint) as vulnerable_persons,
        cast(malaysia_returnee_persons as bigint) as malaysia_returnee_persons,
        cast(unregistered_persons as bigint) as unregistered_persons,
        cast(graduate_persons as bigint) as graduate_persons,
        cast(graduate_seeking_work_persons as bigint) as graduate_seeking_work_persons,
        cast(helped_target_poor_households as bigint) as helped_target_poor_households,
        cast(unhelped_target_poor_households as bigint) as unhelped_target_poor_households,
        cast(assistance_baht as numeric(16, 2)) as assistance_baht,
        cast(helped_recipients as bigint) as helped_recipients,
        cast(assigned_households as bigint) as assigned_households,
        cast(target_poor_without_official_households as bigint) as target_poor_without_official_households,
        cast(overdue_households as bigint) as overdue_households,
        cast(sustainable_households as bigint) as sustainable_households,
        cast(projects as bigint) as projects,
        cast(budget_baht as numeric(18, 2)) as budget_baht,
        cast(disbursed_baht as numeric(18, 2)) as disbursed_baht,
        cast(assessed_villages as bigint) as assessed_villages,
        cast(strong_villages as bigint) as strong_villages,
        cast(average_village_score as numeric(5, 2)) as average_village_score,
        cast(santitham_areas as bigint) as santitham_areas,
        cast(mankhong_areas as bigint) as mankhong_areas,
        cast(small_peace_areas as bigint) as small_peace_areas,
        cast(open_problems as bigint) as open_problems,
        cast(severe_unanswered_problems as bigint) as severe_unanswered_problems,
        cast(incidents as bigint) as incidents,
        cast(hurt_persons as bigint) as hurt_persons,
        cast(received_complaints as bigint) as received_complaints,
        cast(answered_complaints as bigint) as answered_complaints,
        cast(overdue_complaints as bigint) as overdue_complaints,
        cast(civil_society_organisations as bigint) as civil_society_organisations,
        cast(activities as bigint) as activities,
        cast(economic_participant_persons as bigint) as economic_participant_persons,
        cast(economic_income_baht as numeric(18, 2)) as economic_income_baht
    from joined
)

select * from final
