{{ config(materialized='incremental', meta={'slice_by': 'period'}) }}
{# What readers should know about the survey's households and members; see int_release_findings. #}
{%- set survey = "'household_survey'" -%}
{%- set members = "'household_member'" -%}
with persons as (
    select * from {{ ref('int_persons_linked') }}
    where {{ is_new_slice('survey_year_be') }}
),

listed as (
    select
        household_key,
        survey_year_be,
        count(*) as listed_persons
    from persons
    group by household_key, survey_year_be
),

located as (
    select * from {{ ref('int_households_located') }}
    where {{ is_new_slice('survey_year_be') }}
),

households as (
    select
        located.*,
        listed.listed_persons < located.member_persons as lacks_members
    from located
    left join listed
        on
            located.household_key = listed.household_key
            and located.survey_year_be = listed.survey_year_be
),

members as (
    select
        persons.survey_year_be,
        located.household_key is not null as has_household
    from persons
    left join located
        on
            persons.household_key = located.household_key
            and persons.survey_year_be = located.survey_year_be
),

classified as (
    select * from {{ ref('int_persons_classified') }}
    where {{ is_new_slice('survey_year_be') }}
),

findings as (
    {{ finding('households_repeated', survey, 'households', 'survey_year_be', where='times_listed > 1') }}
    union all
    {{ finding('tambon_unknown', survey, 'households', 'survey_year_be', where='not is_tambon_known') }}
    union all
    {{ finding('members_without_household', members, 'members', 'survey_year_be', where='not has_household') }}
    union all
    {{ finding('members_fewer_than_stated', members, 'households', 'survey_year_be', where='lacks_members') }}
    union all
    {{ finding('persons_unidentified', members, 'classified', 'survey_year_be', where='not is_identified') }}
)

select
    note_code,
    dataset_id,
    area_code,
    period,
    figure,
    compared_with
from findings
