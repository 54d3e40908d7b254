{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{# What the survey of a province and year can answer: without members no persons, without a register no target poor. #}
with households as (
    select
        province_code,
        survey_year_be,
        count(*) as surveyed_households,
        count(register_rule) > 0 as has_scheme
    from {{ ref('int_households_classified') }}
    where {{ is_new_slice('survey_year_be') }}
    group by province_code, survey_year_be
),

members as (
    select distinct
        province_code,
        survey_year_be
    from {{ ref('int_persons_classified') }}
    where {{ is_new_slice('survey_year_be') }}
),

rounds as (
    select distinct
        province_code,
        survey_year_be
    from {{ ref('int_welfare_rounds_chosen') }}
),

final as (
    select
        households.province_code,
        households.survey_year_be,
        households.surveyed_households,
        households.has_scheme,
        members.province_code is not null as has_members,
        members.province_code is not null and rounds.province_code is not null as has_register
    from households
    left join members
        on
            households.province_code = members.province_code
            and households.survey_year_be = members.survey_year_be
    left join rounds
        on
            households.province_code = rounds.province_code
            and households.survey_year_be = rounds.survey_year_be
)

select * from final
