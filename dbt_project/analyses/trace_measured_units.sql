{#
    The rows of files behind each unit that a scheme measures, in every area that holds it. A unit of several rows counts
    its weight on one of them. _columns: what the scheme looks at.
#}
with nested as (
    select * from {{ ref('int_places_nested') }}
),

looked_at as (
    select
        scheme_id,
        survey_year_be,
        array_agg('item_' || lpad(cast(item_no as text), 2, '0') order by item_no)
        || array_remove(array[case when bool_or(cutoff is not null) then 'income_per_person_baht' end], null)
            as item_columns
    from {{ ref('int_indicators_unioned') }}
    where measured_from = 'household_survey'
    group by scheme_id, survey_year_be
)

select
    nested.area_code,
    scored.survey_year_be,
    scored.scheme_id,
    cast(scored.household_key as text) as unit_id,
    true as is_complete,
    scored.is_poor,
    cast(scored.member_persons as numeric) as weight,
    array['house_code', 'member_persons'] || looked_at.item_columns as _columns,
    located._submission_id,
    located._sheet,
    located._row
from {{ ref('int_households_scored') }} as scored
inner join {{ ref('int_households_located') }} as located
    on scored.household_key = located.household_key and scored.survey_year_be = located.survey_year_be
inner join looked_at
    on scored.scheme_id = looked_at.scheme_id and scored.survey_year_be = looked_at.survey_year_be
inner join nested on scored.leaf_code = nested.place_code
union all
select
    nested.area_code,
    units.survey_year_be,
    units.scheme_id,
    units.unit_id,
    units.is_complete,
    coalesce(units.is_poor, false),
    case
        when row_number() over (
            partition by nested.area_code, units.scheme_id, units.survey_year_be, units.unit_kind, units.unit_id
            order by observations._submission_id, observations._sheet, observations._row
        ) = 1 then units.unit_weight else 0
    end,
    array['indicator_id', 'deprived', 'value', 'weight'],
    observations._submission_id,
    observations._sheet,
    observations._row
from {{ ref('int_units_scored') }} as units
inner join {{ ref('int_observations_judged') }} as observations
    on
        units.scheme_id = observations.scheme_id
        and units.survey_year_be = observations.survey_year_be
        and units.unit_kind = observations.unit_kind
        and units.unit_id = observations.unit_id
        and observations.destination = 'in_marts'
inner join nested on coalesce(units.place_code, 'SBP') = nested.place_code
