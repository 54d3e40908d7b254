{# Where every row of the welfare register went; see int_rows_accounted. #}
with rounds as (
    select distinct
        agency_id,
        registration_round_be
    from {{ ref('int_welfare_rounds_chosen') }}
),

cards as (
    select
        stg.registration_round_be as round_be,
        stg.linkable_person_key,
        rounds.agency_id is not null as is_round_used
    from {{ ref('stg_provincial_treasury__welfare_cards') }} as stg
    left join rounds
        on stg.agency_id = rounds.agency_id and stg.registration_round_be = rounds.registration_round_be
),

cards_used as (
    select
        round_be,
        linkable_person_key,
        count(*) as rows_listed
    from cards
    where is_round_used and linkable_person_key is not null
    group by round_be, linkable_person_key
),

registered as (
    select distinct
        registration_round_be as round_be,
        linkable_person_key
    from {{ ref('int_persons_registered') }}
),

latest_registered as (
    select
        linkable_person_key,
        max(round_be) as round_be
    from registered
    group by linkable_person_key
),

accounted as (
    select
        round_be,
        'in_marts' as destination,
        count(*) as accounted_rows
    from registered
    group by round_be
    union all
    select round_be, 'identifier_unusable', count(*)
    from cards
    where linkable_person_key is null
    group by round_be
    union all
    select round_be, 'round_not_in_use', count(*)
    from cards
    where linkable_person_key is not null and not is_round_used
    group by round_be
    union all
    select round_be, 'card_listed_again', sum(rows_listed) - count(*)
    from cards_used
    group by round_be
    union all
    select cards_used.round_be, 'later_round_counts', count(*)
    from cards_used
    inner join latest_registered
        on
            cards_used.linkable_person_key = latest_registered.linkable_person_key
            and cards_used.round_be < latest_registered.round_be
    left join registered
        on
            cards_used.linkable_person_key = registered.linkable_person_key
            and cards_used.round_be = registered.round_be
    where registered.linkable_person_key is null
    group by cards_used.round_be
)

select
    'welfare_card' as dataset_id,
    cast(round_be as text) as period,
    destination,
    cast(accounted_rows as bigint) as accounted_rows
from accounted
where accounted_rows > 0
