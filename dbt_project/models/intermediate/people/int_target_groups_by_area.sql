{{ config(materialized='incremental', meta={'slice_by': 'year_be'}) }}
{#
    Distinct people of each group at every level. A person of several groups counts once in each, once in the group that
    holds these, and once in any_group of the same kind of period. Nearly everybody is listed in one place: those are
    counted there and added up; who is listed in several places is counted anew in each area.
#}
{%- set facts = [
    'is_surveyed', 'is_from_poor_household', 'is_target_poor', 'is_card_registered', 'is_card_validated',
    'is_in_need', 'is_helped', 'is_seeking_work'
] -%}
{%- set measures = {
    'group_persons': 'true',
    'unidentified_persons': 'not is_identified',
    'surveyed_persons': 'is_surveyed',
    'from_poor_household_persons': 'is_from_poor_household',
    'target_poor_persons': 'is_target_poor',
    'card_registered_persons': 'is_card_registered',
    'card_validated_persons': 'is_card_validated',
    'in_need_persons': 'is_in_need',
    'helped_persons': 'is_helped',
    'in_need_unhelped_persons': 'is_left_unhelped and is_helped is not true',
    'seeking_work_persons': 'is_seeking_work',
    'seeking_work_from_poor_household_persons': 'is_seeking_work and is_from_poor_household'
} -%}
with persons as (
    select
        containing.target_group_id,
        persons.period_kind,
        persons.period,
        persons.year_be,
        persons.person_id,
        persons.leaf_code,
        bool_and(persons.is_identified) as is_identified,
        bool_or(persons.is_in_need and not persons.is_helped) as is_left_unhelped,
        {% for fact in facts %}
            bool_or(persons.{{ fact }}) as {{ fact }},
        {% endfor %}
        count(*) over (
            partition by containing.target_group_id, persons.period_kind, persons.year_be, persons.person_id
        ) as places
    from {{ ref('int_target_group_persons') }} as persons
    {{ containing_groups('persons') }}
    where {{ is_new_slice('persons.year_be') }}
    group by
        containing.target_group_id, persons.period_kind, persons.period, persons.year_be, persons.person_id,
        persons.leaf_code
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

in_one_place_by_leaf as (
    select
        leaf_code,
        target_group_id,
        period_kind,
        period,
        year_be,
    {% for measure, condition in measures.items() %}
        count(*) filter (where {{ condition }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from persons
    where places = 1
    group by leaf_code, target_group_id, period_kind, period, year_be
),

in_several_places as (
    select
        nested.area_code,
        persons.target_group_id,
        persons.period_kind,
        persons.period,
        persons.year_be,
        persons.person_id,
        bool_and(persons.is_identified) as is_identified,
        bool_or(persons.is_left_unhelped) as is_left_unhelped,
    {% for fact in facts %}
        bool_or(persons.{{ fact }}) as {{ fact }}{{ ',' if not loop.last }}
    {% endfor %}
    from persons
    inner join nested on persons.leaf_code = nested.leaf_code
    where persons.places > 1
    group by
        nested.area_code, persons.target_group_id, persons.period_kind, persons.period, persons.year_be,
        persons.person_id
),

unioned as (
    select
        nested.area_code,
        by_leaf.target_group_id,
        by_leaf.period_kind,
        by_leaf.period,
        by_leaf.year_be,
    {% for measure in measures %}
        by_leaf.{{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from in_one_place_by_leaf as by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    union all
    select
        area_code,
        target_group_id,
        period_kind,
        period,
        year_be,
    {% for condition in measures.values() %}
        count(*) filter (where {{ condition }}){{ ',' if not loop.last }}
    {% endfor %}
    from in_several_places
    group by area_code, target_group_id, period_kind, period, year_be
),

final as (
    select
        area_code,
        target_group_id,
        period_kind,
        period,
        year_be,
    {% for measure in measures %}
        cast(sum({{ measure }}) as bigint) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from unioned
    group by area_code, target_group_id, period_kind, period, year_be
)

select * from final
