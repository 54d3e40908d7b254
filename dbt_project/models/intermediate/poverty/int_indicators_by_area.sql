{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    For every indicator of every scheme and area from the tambon up: units it concerns, units deprived in it, and those
    of them that the scheme finds poor (of whom the censored headcount is made). Only units the scheme can measure;
    `answers` counts all rows.
#}
with indicators as (
    select * from {{ ref('int_indicators_unioned') }}
    where {{ is_new_slice('survey_year_be') }}
),

-- Villages would be nine rows in ten, and of a single item nearly every count of a village would be hidden.
nested as (
    select
        places.place_code,
        places.area_code
    from {{ ref('int_places_nested') }} as places
    inner join {{ ref('int_areas_unioned') }} as areas on places.area_code = areas.area_code
    where areas.area_level != 'village'
),

-- Items are added up once; each scheme then takes those it looks at.
items as (
    select
        nested.area_code,
        items.survey_year_be,
        items.item_no,
        sum(items.asked_units) as asked_units,
        sum(items.deprived_units) as deprived_units,
        sum(items.deprived_persons) as deprived_persons
    from {{ ref('int_survey_items_by_leaf') }} as items
    inner join nested on items.leaf_code = nested.place_code
    where {{ is_new_slice('items.survey_year_be') }}
    group by nested.area_code, items.survey_year_be, items.item_no
),

poor_items as (
    select
        nested.area_code,
        items.survey_year_be,
        items.scheme_id,
        items.item_no,
        sum(items.deprived_poor_units) as deprived_poor_units,
        sum(items.deprived_poor_persons) as deprived_poor_persons
    from {{ ref('int_survey_poor_items_by_leaf') }} as items
    inner join nested on items.leaf_code = nested.place_code
    where {{ is_new_slice('items.survey_year_be') }}
    group by nested.area_code, items.survey_year_be, items.scheme_id, items.item_no
),

surveyed as (
    select
        indicators.scheme_id,
        items.survey_year_be,
        indicators.indicator_id,
        items.area_code,
        items.asked_units as answers,
        items.asked_units,
        items.deprived_units,
        case when indicators.rule is not null then coalesce(poor_items.deprived_poor_units, 0) end
            as deprived_poor_units,
        items.deprived_persons as deprived_weight,
        case when indicators.rule is not null then coalesce(poor_items.deprived_poor_persons, 0) end
            as deprived_poor_weight
    from items
    inner join indicators
        on
            items.survey_year_be = indicators.survey_year_be
            and items.item_no = indicators.item_no
            and indicators.measured_from = 'household_survey'
    left join poor_items
        on
            items.area_code = poor_items.area_code
            and items.survey_year_be = poor_items.survey_year_be
            and items.item_no = poor_items.item_no
            and indicators.scheme_id = poor_items.scheme_id
),

observed as (
    select
        observations.scheme_id,
        observations.survey_year_be,
        observations.indicator_id,
        nested.area_code,
        count(*) as answers,
        count(*) filter (where units.is_complete and observations.is_applicable) as asked_units,
        count(*) filter (where units.is_complete and observations.is_deprived) as deprived_units,
        count(*) filter (where units.is_poor and observations.is_deprived) as deprived_poor_units,
        sum(units.unit_weight) filter (where units.is_complete and observations.is_deprived) as deprived_weight,
        sum(units.unit_weight) filter (where units.is_poor and observations.is_deprived) as deprived_poor_weight
    from {{ ref('int_observations_judged') }} as observations
    inner join {{ ref('int_units_scored') }} as units
        on
            observations.scheme_id = units.scheme_id
            and observations.survey_year_be = units.survey_year_be
            and observations.unit_kind = units.unit_kind
            and observations.unit_id = units.unit_id
    inner join nested on coalesce(units.place_code, 'SBP') = nested.place_code
    where observations.destination = 'in_marts' and {{ is_new_slice('observations.survey_year_be') }}
    group by observations.scheme_id, observations.survey_year_be, observations.indicator_id, nested.area_code
),

unioned as (
    select * from surveyed
    union all
    select
        scheme_id,
        survey_year_be,
        indicator_id,
        area_code,
        answers,
        asked_units,
        deprived_units,
        deprived_poor_units,
        coalesce(deprived_weight, 0),
        coalesce(deprived_poor_weight, 0)
    from observed
),

final as (
    select
        scheme_id,
        survey_year_be,
        indicator_id,
        area_code,
        cast(answers as bigint) as answers,
        cast(asked_units as bigint) as asked_units,
        cast(deprived_units as bigint) as deprived_units,
        cast(deprived_poor_units as bigint) as deprived_poor_units,
        cast(deprived_weight as numeric) as deprived_weight,
        cast(deprived_poor_weight as numeric) as deprived_poor_weight
    from unioned
)

select * from final
