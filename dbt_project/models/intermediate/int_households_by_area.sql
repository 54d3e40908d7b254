{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{# A household lives in one place, so households are counted there and added up. #}
with households as (
    select * from {{ ref('int_households_classified') }}
    where {{ is_new_slice('survey_year_be') }}
),

target_households as (
    select
        household_key,
        survey_year_be,
        bool_or(is_target_poor) as is_target_poor
    from {{ ref('int_persons_classified') }}
    where {{ is_new_slice('survey_year_be') }}
    group by household_key, survey_year_be
),

by_leaf as (
    select
        households.leaf_code,
        households.survey_year_be,
        count(*) as surveyed_households,
        count(*) filter (where target_households.is_target_poor) as target_poor_households,
        count(*) filter (where households.is_any_poor) as any_poor_households,
        count(*) filter (where households.is_health_poor) as health_poor_households,
        count(*) filter (where households.is_living_poor) as living_poor_households,
        count(*) filter (where households.is_education_poor) as education_poor_households,
        count(*) filter (where households.is_income_poor) as income_poor_households,
        count(*) filter (where households.is_access_poor) as access_poor_households
    from households
    left join target_households
        on
            households.household_key = target_households.household_key
            and households.survey_year_be = target_households.survey_year_be
    group by households.leaf_code, households.survey_year_be
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

final as (
    select
        nested.area_code,
        by_leaf.survey_year_be,
        {% for stem in ['target', 'any', 'health', 'living', 'education', 'income', 'access'] %}
            cast(sum(by_leaf.{{ stem }}_poor_households) as bigint) as {{ stem }}_poor_households,
        {% endfor %}
        cast(sum(by_leaf.surveyed_households) as bigint) as surveyed_households
    from by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    group by nested.area_code, by_leaf.survey_year_be
)

select * from final
