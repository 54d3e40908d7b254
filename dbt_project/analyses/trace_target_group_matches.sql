{#
    What survey and register say of the people of a group: the row that lists the person in a household, the household's
    own row, and the row of the register, in every area that holds the place and in the groups that hold the group.
#}
with persons as (
    select * from {{ ref('int_target_group_persons') }}
),

compared as (
    select * from {{ ref('int_years_compared') }}
),

placed as (
    select distinct
        nested.area_code,
        containing.target_group_id,
        persons.period_kind,
        persons.period,
        persons.year_be,
        persons.person_id,
        persons.household_key,
        persons.is_from_poor_household,
        persons.is_target_poor,
        persons.is_card_validated,
        coalesce(persons.is_seeking_work, false) as is_seeking_work
    from persons
    {{ containing_groups('persons') }}
    inner join {{ ref('int_areas_nested') }} as nested on persons.leaf_code = nested.leaf_code
),

matches as (
    select
        compared.year_be,
        'person' as found_by,
        members.person_id,
        members.household_key,
        array['house_code', 'member_no', 'person_id'] as _columns,
        members._submission_id,
        members._sheet,
        members._row
    from {{ ref('int_persons_linked') }} as members
    inner join {{ ref('int_households_classified') }} as households
        on
            members.household_key = households.household_key
            and members.survey_year_be = households.survey_year_be
    inner join compared
        on
            households.province_code = compared.province_code
            and households.survey_year_be = compared.survey_year_be
    union all
    select
        compared.year_be,
        'house',
        null,
        households.household_key,
        array['house_code', 'income_per_person_baht'],
        households._submission_id,
        households._sheet,
        households._row
    from {{ ref('int_households_located') }} as households
    inner join compared
        on
            households.province_code = compared.province_code
            and households.survey_year_be = compared.survey_year_be
    union all
    select
        compared.year_be,
        'card',
        cards.person_id,
        null,
        array['person_id', 'validation_status'],
        cards._submission_id,
        cards._sheet,
        cards._row
    from {{ ref('int_welfare_cards_located') }} as cards
    inner join compared
        on
            cards.province_code = compared.province_code
            and cards.registration_round_be = compared.registration_round_be
)

select
    placed.area_code,
    placed.target_group_id,
    placed.period_kind,
    placed.period,
    placed.is_from_poor_household,
    placed.is_target_poor,
    placed.is_card_validated,
    placed.is_seeking_work,
    matches.found_by,
    matches._columns,
    matches._submission_id,
    matches._sheet,
    matches._row
from placed
inner join matches
    on
        placed.year_be = matches.year_be
        and case
            when matches.found_by = 'house' then cast(placed.household_key as text)
            else placed.person_id
        end = case
            when matches.found_by = 'house' then cast(matches.household_key as text)
            else matches.person_id
        end
