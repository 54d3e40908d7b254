{{ config(materialized='incremental', meta={'slice_by': 'later_survey_year_be', 'slices_read': {
    'int_households_compared': 'until'}}) }}
{# Transitions added up from where the household stands. #}
{%- set transitions = [
    'poor_in_both', 'left_poverty', 'fell_back', 'newly_poor', 'poor_in_neither', 'not_known', 'new', 'not_compared', 'gone',
    'still_there'
] -%}
with by_leaf as (
    select
        earlier_survey_year_be,
        later_survey_year_be,
        leaf_code,
        transition,
        count(*) as households
    from {{ ref('int_households_compared') }}
    where {{ is_new_slice('later_survey_year_be') }}
    group by earlier_survey_year_be, later_survey_year_be, leaf_code, transition
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

final as (
    select
        nested.area_code,
        by_leaf.earlier_survey_year_be,
        by_leaf.later_survey_year_be,
        {% for transition in transitions %}
            cast(coalesce(sum(by_leaf.households) filter (where by_leaf.transition = '{{ transition }}'), 0) as bigint)
                as {{ transition }}_households,
        {% endfor %}
        cast(sum(by_leaf.households) as bigint) as all_households
    from by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    group by nested.area_code, by_leaf.earlier_survey_year_be, by_leaf.later_survey_year_be
)

select * from final
