{{ config(materialized='incremental', meta={'slice_by': 'round_be'}) }}
{#
    Rows of a registration round, beside the register as it stood for the survey of the same year: how many went where
    (then no person is named), and the few whose person it does not have, one by one and without a destination. Where
    that survey knows a person by this round, it uses the round of every treasury.
#}
with cards as (
    select
        registration_round_be as round_be,
        agency_id,
        linkable_person_key,
        count(*) as listed_rows
    from {{ ref('stg_provincial_treasury__welfare_cards') }}
    where {{ is_new_slice('registration_round_be') }}
    group by registration_round_be, agency_id, linkable_person_key
),

registered as (
    select
        survey_year_be as round_be,
        linkable_person_key
    from {{ ref('int_persons_registered') }}
    where {{ is_new_slice('survey_year_be') }} and survey_year_be = registration_round_be
),

found as (
    select
        cards.*,
        registered.linkable_person_key is not null as is_registered
    from cards
    left join registered
        on cards.round_be = registered.round_be and cards.linkable_person_key = registered.linkable_person_key
),

persons as (
    select
        round_be,
        linkable_person_key,
        sum(listed_rows) as listed_rows
    from found
    where is_registered
    group by round_be, linkable_person_key
),

counted as (
    select
        round_be,
        cast(null as text) as agency_id,
        cast(null as uuid) as linkable_person_key,
        'in_marts' as destination,
        count(*) as listed_rows
    from persons
    group by round_be
    union all
    select round_be, null, null, 'card_listed_again', sum(listed_rows) - count(*)
    from persons
    group by round_be
    union all
    select round_be, null, null, 'identifier_unusable', sum(listed_rows)
    from found
    where linkable_person_key is null
    group by round_be
    union all
    select round_be, agency_id, linkable_person_key, null, listed_rows
    from found
    where linkable_person_key is not null and not is_registered
)

select * from counted
