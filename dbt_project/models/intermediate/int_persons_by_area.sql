{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    Distinct people at every level. Nearly everybody is listed in one place: those are counted there and added up.
    People listed in several places are counted anew in each area, once, and are poor there if any of their households
    in that area is.
#}
with persons as (
    select
        person_id,
        survey_year_be,
        leaf_code,
        bool_or(is_surveyed_poor) as is_surveyed_poor,
        bool_or(is_registered_poor) as is_registered_poor,
        bool_or(is_target_poor) as is_target_poor,
        count(*) over (partition by person_id, survey_year_be) as places
    from {{ ref('int_persons_classified') }}
    where {{ is_new_slice('survey_year_be') }}
    group by person_id, survey_year_be, leaf_code
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

in_one_place_by_leaf as (
    select
        leaf_code,
        survey_year_be,
        count(*) as surveyed_persons,
        count(*) filter (where is_surveyed_poor) as surveyed_poor_persons,
        count(*) filter (where is_registered_poor) as registered_poor_persons,
        count(*) filter (where is_target_poor) as target_poor_persons
    from persons
    where places = 1
    group by leaf_code, survey_year_be
),

in_several_places as (
    select
        nested.area_code,
        persons.survey_year_be,
        persons.person_id,
        bool_or(persons.is_surveyed_poor) as is_surveyed_poor,
        bool_or(persons.is_registered_poor) as is_registered_poor,
        bool_or(persons.is_target_poor) as is_target_poor
    from persons
    inner join nested on persons.leaf_code = nested.leaf_code
    where persons.places > 1
    group by nested.area_code, persons.survey_year_be, persons.person_id
),

unioned as (
    select
        nested.area_code,
        by_leaf.survey_year_be,
        by_leaf.surveyed_persons,
        by_leaf.surveyed_poor_persons,
        by_leaf.registered_poor_persons,
        by_leaf.target_poor_persons
    from in_one_place_by_leaf as by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    union all
    select
        area_code,
        survey_year_be,
        count(*),
        count(*) filter (where is_surveyed_poor),
        count(*) filter (where is_registered_poor),
        count(*) filter (where is_target_poor)
    from in_several_places
    group by area_code, survey_year_be
),

final as (
    select
        area_code,
        survey_year_be,
        cast(sum(surveyed_persons) as bigint) as surveyed_persons,
        cast(sum(surveyed_poor_persons) as bigint) as surveyed_poor_persons,
        cast(sum(registered_poor_persons) as bigint) as registered_poor_persons,
        cast(sum(target_poor_persons) as bigint) as target_poor_persons
    from unioned
    group by area_code, survey_year_be
)

select * from final
