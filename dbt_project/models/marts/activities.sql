{%- set groups = [
    'male', 'female', 'official', 'community_leader', 'religious_leader', 'civil_society', 'youth', 'women_group',
    'general_public'
] -%}
with activities as (
    select * from {{ ref('int_activities_placed') }}
    where destination = 'in_marts'
),

agencies as (
    select * from {{ ref('agencies') }}
),

kinds as (
    select * from {{ ref('society_labels') }}
    where code_list = 'activity_kind'
),

final as (
    select
        activities.fiscal_year_be,
        activities.agency_id,
        activities.activity_code,
        activities.fiscal_quarter,
        agencies.name_th as agency_name_th,
        agencies.name_en as agency_name_en,
        activities.activity_name,
        activities.activity_kind,
        kinds.label_th as activity_kind_th,
        kinds.label_en as activity_kind_en,
        activities.place_name,
        activities.place_level as area_level,
        activities.place_code as area_code,
        activities.place_province_code as province_code,
        activities.first_date,
        activities.last_date,
        activities.last_date - activities.first_date + 1 as duration_days,
        activities.participant_persons,
        {% for group in groups %}
            activities.{{ group }}_persons,
        {% endfor %}
        {% for group in groups %}
            {{ share_pct('activities.' ~ group ~ '_persons', 'activities.participant_persons') }} as {{ group }}_pct,
        {% endfor %}
        cast(activities.budget_baht as numeric(16, 2)) as budget_baht,
        cast(activities.spent_baht as numeric(16, 2)) as spent_baht,
        cast(
            round(100 * activities.spent_baht / nullif(activities.budget_baht, 0), 1) as numeric(22, 1)
        ) as spent_of_budget_pct,
        cast(
            round(activities.spent_baht / nullif(activities.participant_persons, 0), 2) as numeric(16, 2)
        ) as spent_per_participant_baht,
        activities.lesson_learnt,
        activities.is_best_practice
    from activities
    left join agencies on activities.agency_id = agencies.agency_id
    left join kinds on activities.activity_kind = kinds.code
)

select * from final
