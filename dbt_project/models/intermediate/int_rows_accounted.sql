{#
    Where every accepted row went: into the marts, or into an exclusion with a name (seed row_destinations). What is in
    the marts is counted at their end of the way and each exclusion by its own rule, so that a row lost on the way is
    missing from the sum; the gate compares it with the ledger.
#}
with codes as (
    select distinct on (code)
        code,
        tambon_code
    from {{ ref('int_tambon_codes') }}
    order by code asc, is_retired asc
),

rounds as (
    select distinct
        agency_id,
        registration_round_be
    from {{ ref('int_welfare_rounds_chosen') }}
),

populations as (
    select
        stg.calendar_year_be as year_be,
        coalesce(codes.tambon_code, stg.tambon_code) as tambon_code
    from {{ ref('stg_registration_office__populations') }} as stg
    left join codes on stg.tambon_code = codes.code
),

populations_located as (
    select
        located.calendar_year_be as year_be,
        areas.area_code is not null as is_placed
    from {{ ref('int_populations_located') }} as located
    left join {{ ref('int_areas_unioned') }} as areas on located.leaf_code = areas.area_code
),

households as (
    select
        stg.survey_year_be as year_be,
        stg.household_key,
        count(*) as rows_listed,
        bool_and(stg.province_code is null and codes.code is null) as is_nowhere
    from {{ ref('stg_community_development__households') }} as stg
    left join codes on stg.tambon_code = codes.code
    group by stg.survey_year_be, stg.household_key
),

members as (
    select
        survey_year_be as year_be,
        household_key,
        linkable_person_key,
        {{ last_received('survey_year_be, household_key, member_no') }} as rank_of_member
    from {{ ref('stg_community_development__household_members') }}
),

persons as (
    select
        linked.survey_year_be as year_be,
        located.household_key is not null as is_surveyed
    from {{ ref('int_persons_linked') }} as linked
    left join {{ ref('int_households_located') }} as located
        on linked.household_key = located.household_key and linked.survey_year_be = located.survey_year_be
),

persons_repeated as (
    select
        year_be,
        count(*) - 1 as repeated_rows
    from members
    where rank_of_member = 1 and linkable_person_key is not null
    group by year_be, household_key, linkable_person_key
    having count(*) > 1
),

cards as (
    select
        stg.registration_round_be as year_be,
        stg.linkable_person_key,
        rounds.agency_id is not null as is_round_used
    from {{ ref('stg_provincial_treasury__welfare_cards') }} as stg
    left join rounds
        on stg.agency_id = rounds.agency_id and stg.registration_round_be = rounds.registration_round_be
),

cards_used as (
    select
        year_be,
        linkable_person_key,
        count(*) as rows_listed
    from cards
    where is_round_used and linkable_person_key is not null
    group by year_be, linkable_person_key
),

registered as (
    select distinct
        registration_round_be as year_be,
        linkable_person_key
    from {{ ref('int_persons_registered') }}
),

latest_registered as (
    select
        linkable_person_key,
        max(year_be) as year_be
    from registered
    group by linkable_person_key
),

accounted as (
    select 'population' as dataset_id, year_be, 'in_marts' as destination, count(*) as accounted_rows
    from populations_located
    where is_placed
    group by year_be
    union all
    select 'population', year_be, 'place_unknown', count(*)
    from populations_located
    where not is_placed
    group by year_be
    union all
    select 'population', year_be, 'tambon_listed_again', count(*) - count(distinct tambon_code)
    from populations
    group by year_be
    union all
    select 'household_survey', survey_year_be, 'in_marts', surveyed_households
    from {{ ref('int_households_by_area') }}
    where area_code = 'SBP'
    union all
    select 'household_survey', year_be, 'household_listed_again', sum(rows_listed) - count(*)
    from households
    group by year_be
    union all
    select 'household_survey', year_be, 'place_unknown', count(*)
    from households
    where is_nowhere
    group by year_be
    union all
    select 'household_member', survey_year_be, 'in_marts', count(*)
    from {{ ref('int_persons_classified') }}
    group by survey_year_be
    union all
    select 'household_member', year_be, 'member_listed_again', count(*)
    from members
    where rank_of_member > 1
    group by year_be
    union all
    select 'household_member', year_be, 'person_listed_again', sum(repeated_rows)
    from persons_repeated
    group by year_be
    union all
    select 'household_member', year_be, 'household_not_surveyed', count(*)
    from persons
    where not is_surveyed
    group by year_be
    union all
    select 'welfare_card', year_be, 'in_marts', count(*)
    from registered
    group by year_be
    union all
    select 'welfare_card', year_be, 'identifier_unusable', count(*)
    from cards
    where linkable_person_key is null
    group by year_be
    union all
    select 'welfare_card', year_be, 'round_not_in_use', count(*)
    from cards
    where linkable_person_key is not null and not is_round_used
    group by year_be
    union all
    select 'welfare_card', year_be, 'card_listed_again', sum(rows_listed) - count(*)
    from cards_used
    group by year_be
    union all
    select 'welfare_card', cards_used.year_be, 'later_round_counts', count(*)
    from cards_used
    inner join latest_registered
        on
            cards_used.linkable_person_key = latest_registered.linkable_person_key
            and cards_used.year_be < latest_registered.year_be
    left join registered
        on
            cards_used.linkable_person_key = registered.linkable_person_key
            and cards_used.year_be = registered.year_be
    where registered.linkable_person_key is null
    group by cards_used.year_be
),

final as (
    select
        dataset_id,
        cast(year_be as text) as period,
        destination,
        cast(accounted_rows as bigint) as accounted_rows
    from accounted
    where accounted_rows > 0
)

select * from final
