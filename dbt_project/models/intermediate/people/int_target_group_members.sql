{{ config(materialized='incremental', meta={'slice_by': 'year_be'}) }}
{#
    Who is in which group, as each source says: one row per row that counts. The period is the fiscal, calendar or
    academic year or the survey round of the group, never turned into one another.
#}
{%- set facts = ['is_in_need', 'is_helped', 'is_seeking_work'] -%}
{%- set lists = [
    {'model': 'int_vulnerable_persons_located', 'dataset': 'vulnerable_person', 'group': "'vulnerable_' || group_code",
     'kind': 'fiscal_year', 'year': 'fiscal_year_be', 'facts': ['is_in_need', 'is_helped']},
    {'model': 'int_malaysia_returnees_located', 'dataset': 'malaysia_returnee', 'group': "'malaysia_returnee'",
     'kind': 'fiscal_year', 'year': 'fiscal_year_be', 'facts': facts},
    {'model': 'int_graduates_located', 'dataset': 'graduate', 'group': "'graduate'",
     'kind': 'academic_year', 'year': 'academic_year_be', 'facts': facts},
    {'model': 'int_unregistered_persons_located', 'dataset': 'unregistered_person', 'group': "'unregistered'",
     'kind': 'calendar_year', 'year': 'calendar_year_be', 'facts': ['is_in_need']}
] -%}
with surveyed as (
    select
        *,
        cast(survey_year_be as integer) as year_be
    from {{ ref('int_persons_classified') }}
    where is_surveyed_poor and {{ is_new_slice('survey_year_be') }}
),

cards as (
    select * from {{ ref('int_welfare_cards_located') }}
    where {{ is_new_slice('registration_round_be') }}
),

unioned as (
    {% for list in lists %}
        select
            '{{ list.dataset }}' as dataset_id,
            {{ list.group }} as target_group_id,
            '{{ list.kind }}' as period_kind,
            {{ list.year }} as year_be,
            person_id,
            is_identified,
            household_key,
            leaf_code,
            {% for fact in facts %}
                {{ fact if fact in list.facts else 'cast(null as boolean)' }} as {{ fact }},
            {% endfor %}
            period as list_period,
            _submission_id,
            _sheet,
            _row
        from {{ ref(list.model) }}
        where destination = 'in_marts' and {{ is_new_slice(list.year) }}
        union all
    {% endfor %}
    {% for group, condition in [('surveyed_poor', 'true'), ('target_poor', 'is_target_poor')] %}
        select
            'household_member', '{{ group }}', 'survey_round', year_be, person_id, is_identified, household_key,
            leaf_code, null, null, null, cast(year_be as text), null, null, null
        from surveyed
        where {{ condition }}
        union all
    {% endfor %}
    {% for group, condition in [('card_registered', 'true'), ('card_validated', 'is_validated')] %}
        select
            'welfare_card', '{{ group }}', 'survey_round', registration_round_be, person_id, is_identified, null,
            leaf_code, null, null, null, cast(registration_round_be as text), _submission_id, _sheet, _row
        from cards
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    *,
    cast(year_be as text) as period
from unioned
