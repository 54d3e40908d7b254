{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    For every indicator of every scheme and area: units it concerns, units deprived in it, and those of them that the scheme
    finds poor (of whom the censored headcount is made). Only units the scheme can measure; `answers` counts all rows.
#}
with indicators as (
    select * from {{ ref('int_indicators_unioned') }}
    where {{ is_new_slice('survey_year_be') }}
),

by_place as (
    select
        indicators.scheme_id,
        items.survey_year_be,
        indicators.indicator_id,
        items.leaf_code as place_code,
        items.asked_units as answers,
        items.asked_units,
        items.deprived_units,
        cast(items.deprived_persons as numeric) as deprived_weight,
        case when indicators.rule is not null then coalesce(poor.deprived_poor_units, 0) end as deprived_poor_units,
        case when indicators.rule is not null then cast(coalesce(poor.deprived_poor_persons, 0) as numeric) end
            as deprived_poor_weight
    from {{ ref('int_survey_items_by_leaf') }} as items
    inner join indicators
        on
            items.survey_year_be = indicators.survey_year_be
            and items.item_no = indicators.item_no
            and indicators.measured_from = 'household_survey'
    left join {{ ref('int_survey_poor_items_by_leaf') }} as poor
        on
            items.leaf_code = poor.leaf_code
            and items.survey_year_be = poor.survey_year_be
            and items.item_no = poor.item_no
            and indicators.scheme_id = poor.scheme_id
    where {{ is_new_slice('items.survey_year_be') }}
    union all
    select
        observations.scheme_id,
        observations.survey_year_be,
        observations.indicator_id,
        coalesce(units.place_code, 'SBP'),
        count(*),
        count(*) filter (where units.is_complete and observations.is_applicable),
        count(*) filter (where units.is_complete and observations.is_deprived),
        coalesce(sum(units.unit_weight) filter (where units.is_complete and observations.is_deprived), 0),
        count(*) filter (where units.is_poor and observations.is_deprived),
        coalesce(sum(units.unit_weight) filter (where units.is_poor and observations.is_deprived), 0)
    from {{ ref('int_observations_judged') }} as observations
    inner join {{ ref('int_units_scored') }} as units
        on
            observations.scheme_id = units.scheme_id
            and observations.survey_year_be = units.survey_year_be
            and observations.unit_kind = units.unit_kind
            and observations.unit_id = units.unit_id
    where observations.destination = 'in_marts' and {{ is_new_slice('observations.survey_year_be') }}
    group by
        observations.scheme_id,
        observations.survey_year_be,
        observations.indicator_id,
        coalesce(units.place_code, 'SBP')
),

nested as (
    select * from {{ ref('int_places_nested') }}
),

final as (
    select
        by_place.scheme_id,
        by_place.survey_year_be,
        by_place.indicator_id,
        nested.area_code,
        cast(sum(by_place.answers) as bigint) as answers,
        cast(sum(by_place.asked_units) as bigint) as asked_units,
        cast(sum(by_place.deprived_units) as bigint) as deprived_units,
        cast(sum(by_place.deprived_poor_units) as bigint) as deprived_poor_units,
        sum(by_place.deprived_weight) as deprived_weight,
        sum(by_place.deprived_poor_weight) as deprived_poor_weight
    from by_place
    inner join nested on by_place.place_code = nested.place_code
    group by by_place.scheme_id, by_place.survey_year_be, by_place.indicator_id, nested.area_code
)

select * from final
