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
        rounds.agency_id is not null as is_round_used,
        count(*) as rows_listed
    from {{ ref('stg_provincial_treasury__welfare_cards') }} as stg
    left join rounds
        on stg.agency_id = rounds.agency_id and stg.registration_round_be = rounds.registration_round_be
    group by stg.registration_round_be, stg.linkable_person_key, rounds.agency_id is not null
),

cards_used as (
    select * from cards
    where is_round_used and linkable_person_key is not null
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

-- Nearly every card is registered in its own round: those that are not are few, and looked up.
not_registered as (
    select
        round_be,
        linkable_person_key
    from cards_used
    except
    select
        round_be,
        linkable_person_key
    from registered
),

accounted as (
    select
        round_be,
        'in_marts' as destination,
        count(*) as accounted_rows
    from registered
    group by round_be
    union all
    select round_be, 'identifier_unusable', sum(rows_listed)
    from cards
    where linkable_person_key is null
    group by round_be
    union all
    select round_be, 'round_not_in_use', sum(rows_listed)
    from cards
    where linkable_person_key is not null and not is_round_used
    group by round_be
    union all
    select round_be, 'card_listed_again', sum(rows_listed) - count(*)
    from cards_used
    group by round_be
    union all
    select not_registered.round_be, 'later_round_counts', count(*)
    from not_registered
    inner join latest_registered
        on
            not_registered.linkable_person_key = latest_registered.linkable_person_key
            and not_registered.round_be < latest_registered.round_be
    group by not_registered.round_be
)

select
    'welfare_card' as dataset_id,
    cast(round_be as text) as period,
    destination,
    cast(accounted_rows as bigint) as accounted_rows
from accounted
where accounted_rows > 0
