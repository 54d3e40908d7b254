{{ config(materialized='incremental', meta={'slice_by': 'year_be', 'slices_read': {
    'int_persons_classified': 'until', 'int_households_classified': 'until', 'int_welfare_cards_located': 'until'
}}) }}
{#
    Who is in which group, with what survey and register know of the person. A person is found in the survey by the
    identifier, or by the house code of the list; on the register by the identifier alone.
#}
with members as (
    select * from {{ ref('int_target_group_members') }}
    where {{ is_new_slice('year_be') }}
),

compared as (
    select * from {{ ref('int_years_compared') }}
    where {{ is_new_slice('year_be') }}
),

surveys as (
    select distinct survey_year_be from compared
),

registers as (
    select distinct registration_round_be from compared
),

persons as (
    select distinct
        year_be,
        person_id
    from members
),

surveyed as (
    select
        persons.year_be,
        persons.person_id,
        min(cast(classified.household_key as text)) as household_key,
        bool_or(classified.is_surveyed_poor) as is_surveyed_poor,
        bool_or(classified.is_target_poor) as is_target_poor
    from persons
    inner join {{ ref('int_persons_classified') }} as classified on persons.person_id = classified.person_id
    inner join compared
        on
            persons.year_be = compared.year_be
            and classified.province_code = compared.province_code
            and classified.survey_year_be = compared.survey_year_be
    where {{ is_among('classified.survey_year_be', 'surveys') }}
    group by persons.year_be, persons.person_id
),

houses_listed as (
    select distinct
        year_be,
        household_key
    from members
    where household_key is not null
),

houses as (
    select
        listed.year_be,
        listed.household_key,
        bool_or(classified.is_any_poor) as is_any_poor
    from houses_listed as listed
    inner join {{ ref('int_households_classified') }} as classified on listed.household_key = classified.household_key
    inner join compared
        on
            listed.year_be = compared.year_be
            and classified.province_code = compared.province_code
            and classified.survey_year_be = compared.survey_year_be
    where {{ is_among('classified.survey_year_be', 'surveys') }}
    group by listed.year_be, listed.household_key
),

registered as (
    select
        persons.year_be,
        persons.person_id,
        bool_or(cards.is_validated) as is_validated
    from persons
    inner join {{ ref('int_welfare_cards_located') }} as cards on persons.person_id = cards.person_id
    inner join compared
        on
            persons.year_be = compared.year_be
            and cards.province_code = compared.province_code
            and cards.registration_round_be = compared.registration_round_be
    where {{ is_among('cards.registration_round_be', 'registers') }}
    group by persons.year_be, persons.person_id
),

final as (
    select
        members.dataset_id,
        members.target_group_id,
        members.period_kind,
        members.period,
        members.year_be,
        members.person_id,
        members.is_identified,
        members.leaf_code,
        coalesce(members.household_key, cast(surveyed.household_key as uuid)) as household_key,
        members.is_in_need,
        members.is_helped,
        members.is_seeking_work,
        surveyed.person_id is not null or houses.household_key is not null as is_surveyed,
        coalesce(surveyed.is_surveyed_poor, false) or coalesce(houses.is_any_poor, false) as is_from_poor_household,
        coalesce(surveyed.is_target_poor, false) as is_target_poor,
        registered.person_id is not null as is_card_registered,
        coalesce(registered.is_validated, false) as is_card_validated,
        members.list_period,
        members._submission_id,
        members._sheet,
        members._row
    from members
    left join surveyed
        on members.year_be = surveyed.year_be and members.person_id = surveyed.person_id
    left join houses
        on members.year_be = houses.year_be and members.household_key = houses.household_key
    left join registered
        on members.year_be = registered.year_be and members.person_id = registered.person_id
)

select * from final
