{#
    People and households in need and those whom help reached in the fiscal year, by area. A household is helped when
    any help names it or one of its people; a person when help names the person, or the household as a whole. Nearly
    everybody is listed in one place and counted there; those listed in several are counted anew in each area.
#}
with nested as (
    select * from {{ ref('int_areas_nested') }}
),

helped_people as (
    {{ helped_people() }}
),

helped_as_household as (
    {{ helped_as_household() }}
),

persons as (
    select
        needs.fiscal_year_be,
        needs.person_id,
        needs.leaf_code,
        bool_or(people.person_id is not null or households.household_key is not null) as is_helped,
        count(*) over (partition by needs.fiscal_year_be, needs.person_id) as places
    from {{ ref('int_persons_in_need') }} as needs
    left join helped_people as people
        on needs.fiscal_year_be = people.fiscal_year_be and needs.person_id = people.person_id
    left join helped_as_household as households
        on needs.fiscal_year_be = households.fiscal_year_be and needs.household_key = households.household_key
    group by needs.fiscal_year_be, needs.person_id, needs.leaf_code
),

households as (
    select
        needs.leaf_code,
        needs.fiscal_year_be,
        count(*) as target_poor_households,
        count(helped.household_key) as helped_households
    from {{ ref('int_households_in_need') }} as needs
    left join {{ ref('int_assistance_households') }} as helped
        on
            needs.household_key = helped.household_key
            and needs.fiscal_year_be = helped.fiscal_year_be
    group by needs.leaf_code, needs.fiscal_year_be
),

in_several_places as (
    select
        nested.area_code,
        persons.fiscal_year_be,
        persons.person_id,
        bool_or(persons.is_helped) as is_helped
    from persons
    inner join nested on persons.leaf_code = nested.leaf_code
    where persons.places > 1
    group by nested.area_code, persons.fiscal_year_be, persons.person_id
),

by_leaf as (
    select
        leaf_code,
        fiscal_year_be,
        target_poor_households,
        helped_households,
        0 as target_poor_persons,
        0 as helped_persons
    from households
    union all
    select
        leaf_code,
        fiscal_year_be,
        0,
        0,
        count(*),
        count(*) filter (where is_helped)
    from persons
    where places = 1
    group by leaf_code, fiscal_year_be
),

unioned as (
    select
        nested.area_code,
        by_leaf.fiscal_year_be,
        by_leaf.target_poor_households,
        by_leaf.helped_households,
        by_leaf.target_poor_persons,
        by_leaf.helped_persons
    from by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    union all
    select
        area_code,
        fiscal_year_be,
        0,
        0,
        count(*),
        count(*) filter (where is_helped)
    from in_several_places
    group by area_code, fiscal_year_be
),

final as (
    select
        area_code,
        fiscal_year_be,
        cast(sum(target_poor_households) as bigint) as target_poor_households,
        cast(sum(helped_households) as bigint) as helped_households,
        cast(sum(target_poor_persons) as bigint) as target_poor_persons,
        cast(sum(helped_persons) as bigint) as helped_persons
    from unioned
    group by area_code, fiscal_year_be
)

select * from final
