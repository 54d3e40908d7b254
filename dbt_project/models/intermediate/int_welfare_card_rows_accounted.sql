{#
    Where every row of the welfare register went; see int_rows_accounted. Of nearly every row its own round tells; the
    persons of the others are looked up in the register as it stood for other surveys.
#}
with counted as (
    select * from {{ ref('int_welfare_cards_counted') }}
),

rounds as (
    select distinct
        agency_id,
        registration_round_be
    from {{ ref('int_welfare_rounds_chosen') }}
),

cards as (
    select
        counted.round_be,
        counted.linkable_person_key,
        rounds.agency_id is not null as is_round_used,
        sum(counted.listed_rows) as rows_listed
    from counted
    left join rounds
        on counted.agency_id = rounds.agency_id and counted.round_be = rounds.registration_round_be
    where counted.destination is null
    group by counted.round_be, counted.linkable_person_key, rounds.agency_id is not null
),

cards_used as (
    select * from cards
    where is_round_used
),

registered as (
    select distinct
        registration_round_be as round_be,
        linkable_person_key
    from {{ ref('int_persons_registered') }}
    where linkable_person_key in (select cards_used.linkable_person_key from cards_used)
),

latest_registered as (
    select
        linkable_person_key,
        max(round_be) as round_be
    from registered
    group by linkable_person_key
),

looked_up as (
    select
        cards_used.round_be,
        cards_used.rows_listed,
        case
            when registered.linkable_person_key is not null then 'in_marts'
            when cards_used.round_be < latest.round_be then 'later_round_counts'
        end as destination
    from cards_used
    left join registered
        on
            cards_used.round_be = registered.round_be
            and cards_used.linkable_person_key = registered.linkable_person_key
    left join latest_registered as latest on cards_used.linkable_person_key = latest.linkable_person_key
),

accounted as (
    select
        round_be,
        destination,
        listed_rows as accounted_rows
    from counted
    where destination is not null
    union all
    select round_be, 'round_not_in_use', rows_listed
    from cards
    where not is_round_used
    union all
    select round_be, destination, count(*)
    from looked_up
    where destination is not null
    group by round_be, destination
    union all
    select round_be, 'card_listed_again', rows_listed - 1
    from looked_up
)

select
    'welfare_card' as dataset_id,
    cast(round_be as text) as period,
    destination,
    cast(sum(accounted_rows) as bigint) as accounted_rows
from accounted
group by round_be, destination
having sum(accounted_rows) > 0
