{# The row of a file by which each target-poor person is in a household, in every area, with who was helped. #}
with helped_people as (
    {{ helped_people() }}
),

helped_as_household as (
    {{ helped_as_household() }}
),

needs as (
    select
        nested.area_code,
        persons.fiscal_year_be,
        persons.household_key,
        persons.person_id,
        persons.survey_year_be,
        households.household_key is not null as is_household_in_need,
        helped.household_key is not null as is_household_helped,
        bool_or(people.person_id is not null or as_household.household_key is not null) over (
            partition by nested.area_code, persons.fiscal_year_be, persons.person_id
        ) as is_person_helped_in_area
    from {{ ref('int_persons_in_need') }} as persons
    inner join {{ ref('int_areas_nested') }} as nested on persons.leaf_code = nested.leaf_code
    left join {{ ref('int_households_in_need') }} as households
        on
            persons.fiscal_year_be = households.fiscal_year_be
            and persons.household_key = households.household_key
            and persons.survey_year_be = households.survey_year_be
    left join {{ ref('int_assistance_households') }} as helped
        on persons.fiscal_year_be = helped.fiscal_year_be and persons.household_key = helped.household_key
    left join helped_people as people
        on persons.fiscal_year_be = people.fiscal_year_be and persons.person_id = people.person_id
    left join helped_as_household as as_household
        on persons.fiscal_year_be = as_household.fiscal_year_be and persons.household_key = as_household.household_key
)

select
    needs.area_code,
    needs.fiscal_year_be,
    needs.household_key,
    needs.person_id,
    needs.is_household_in_need,
    needs.is_household_helped,
    needs.is_person_helped_in_area,
    array['house_code', 'member_no', 'person_id'] as _columns,
    linked._submission_id,
    linked._sheet,
    linked._row
from needs
inner join {{ ref('int_persons_linked') }} as linked
    on
        needs.household_key = linked.household_key
        and needs.survey_year_be = linked.survey_year_be
        and needs.person_id = linked.person_id
