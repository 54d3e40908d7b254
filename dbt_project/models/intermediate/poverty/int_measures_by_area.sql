{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    What every scheme measures, added up from the place of each unit: units and the people they stand for, the poor among
    them, and the weighted sum of the scores of the poor – all that H, A and M0 of an area are made of.
#}
with by_place as (
    select
        scheme_id,
        survey_year_be,
        'household' as unit_kind,
        leaf_code as place_code,
        count(*) as measured_units,
        0 as incomplete_units,
        count(*) filter (where is_poor) as poor_units,
        cast(sum(member_persons) as numeric) as measured_weight,
        cast(coalesce(sum(member_persons) filter (where is_poor), 0) as numeric) as poor_weight,
        coalesce(sum(member_persons * score) filter (where is_poor), 0) as poor_scores
    from {{ ref('int_households_scored') }}
    where {{ is_new_slice('survey_year_be') }}
    group by scheme_id, survey_year_be, leaf_code
    union all
    select
        scheme_id,
        survey_year_be,
        unit_kind,
        coalesce(place_code, 'SBP'),
        count(*) filter (where is_complete),
        count(*) filter (where not is_complete),
        count(*) filter (where is_poor),
        coalesce(sum(unit_weight) filter (where is_complete), 0),
        coalesce(sum(unit_weight) filter (where is_poor), 0),
        coalesce(sum(unit_weight * score) filter (where is_poor), 0)
    from {{ ref('int_units_scored') }}
    where {{ is_new_slice('survey_year_be') }}
    group by scheme_id, survey_year_be, unit_kind, coalesce(place_code, 'SBP')
),

nested as (
    select * from {{ ref('int_places_nested') }}
),

final as (
    select
        by_place.scheme_id,
        by_place.survey_year_be,
        by_place.unit_kind,
        nested.area_code,
        cast(sum(by_place.measured_units) as bigint) as measured_units,
        cast(sum(by_place.incomplete_units) as bigint) as incomplete_units,
        cast(sum(by_place.poor_units) as bigint) as poor_units,
        sum(by_place.measured_weight) as measured_weight,
        sum(by_place.poor_weight) as poor_weight,
        sum(by_place.poor_scores) as poor_scores
    from by_place
    inner join nested on by_place.place_code = nested.place_code
    group by by_place.scheme_id, by_place.survey_year_be, by_place.unit_kind, nested.area_code
)

select * from final
