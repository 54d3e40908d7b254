{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be',
    'slices_read': {'stg_provincial_treasury__welfare_cards': 'until'}
}) }}
{# Who is on the welfare-card register as it stood for a survey year. Listed by two treasuries: the later round counts,
   in one round a validation by either. #}
with cards as (
    select
        cards.*,
        {{ person_key('cards.linkable_person_key') }} as person_key
    from {{ ref('stg_provincial_treasury__welfare_cards') }} as cards
    left join {{ ref('int_person_identifiers') }} as identifiers
        on cards.linkable_person_key = identifiers.linkable_person_key
    where cards.linkable_person_key is not null
),

rounds as (
    select * from {{ ref('int_welfare_rounds_chosen') }}
    where {{ is_new_slice('survey_year_be') }}
),

rounds_read as (
    select distinct registration_round_be from rounds
),

listed as (
    select
        rounds.survey_year_be,
        cards.linkable_person_key,
        cards.person_key,
        cards.registration_round_be,
        bool_or(cards.is_validated) as is_validated
    from cards
    inner join rounds
        on
            cards.agency_id = rounds.agency_id
            and cards.registration_round_be = rounds.registration_round_be
    where {{ is_among('cards.registration_round_be', 'rounds_read') }}
    group by rounds.survey_year_be, cards.linkable_person_key, cards.person_key, cards.registration_round_be
),

ranked as (
    select
        *,
        row_number() over (
            partition by survey_year_be, linkable_person_key
            order by registration_round_be desc
        ) as rank_of_round
    from listed
)

select
    survey_year_be,
    linkable_person_key,
    person_key,
    registration_round_be,
    is_validated
from ranked
where rank_of_round = 1
