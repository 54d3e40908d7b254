{# The answer of each unit to each indicator, in every area that holds it, and whether its scheme finds it poor. #}
with nested as (
    select * from {{ ref('int_places_nested') }}
),

indicators as (
    select * from {{ ref('int_indicators_unioned') }}
),

answers as (
    {% for number in range(1, 39) %}
        {{ 'union all' if not loop.first }}
        select
            household_key,
            survey_year_be,
            leaf_code,
            member_persons,
            {{ number }} as item_no,
            {{ survey_item(number) }} as is_deprived
        from {{ ref('int_household_answers') }}
        where {{ survey_item(number) }} is not null
    {% endfor %}
)

select
    nested.area_code,
    answers.survey_year_be,
    indicators.scheme_id,
    indicators.indicator_id,
    true as is_asked,
    answers.is_deprived,
    coalesce(scored.is_poor, false) as is_poor,
    cast(answers.member_persons as numeric) as weight,
    array['house_code', 'member_persons', 'item_' || lpad(cast(answers.item_no as text), 2, '0')]
    || array_remove(array[case when indicators.cutoff is not null then 'income_per_person_baht' end], null) as _columns,
    located._submission_id,
    located._sheet,
    located._row
from answers
inner join indicators
    on
        answers.survey_year_be = indicators.survey_year_be
        and answers.item_no = indicators.item_no
        and indicators.measured_from = 'household_survey'
inner join {{ ref('int_households_located') }} as located
    on answers.household_key = located.household_key and answers.survey_year_be = located.survey_year_be
left join {{ ref('int_households_scored') }} as scored
    on
        answers.household_key = scored.household_key
        and answers.survey_year_be = scored.survey_year_be
        and indicators.scheme_id = scored.scheme_id
inner join nested on answers.leaf_code = nested.place_code
union all
select
    nested.area_code,
    observations.survey_year_be,
    observations.scheme_id,
    observations.indicator_id,
    units.is_complete and observations.is_applicable,
    units.is_complete and observations.is_deprived,
    coalesce(units.is_poor, false),
    units.unit_weight,
    array['indicator_id', 'deprived', 'value', 'weight'],
    observations._submission_id,
    observations._sheet,
    observations._row
from {{ ref('int_observations_judged') }} as observations
inner join {{ ref('int_units_scored') }} as units
    on
        observations.scheme_id = units.scheme_id
        and observations.survey_year_be = units.survey_year_be
        and observations.unit_kind = units.unit_kind
        and observations.unit_id = units.unit_id
inner join nested on coalesce(units.place_code, 'SBP') = nested.place_code
where observations.destination = 'in_marts'
