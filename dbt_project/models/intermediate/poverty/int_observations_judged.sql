{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    Every observation with the unit it speaks of, the place that unit stands in, whether it is deprived, and where the row
    goes. An answer given wins over the measured value; what is not applicable is not deprived. An amphoe stays an amphoe.
#}
{%- set unit_and_indicator = 'scheme_id, survey_year_be, unit_kind, unit_id, indicator_id' -%}
with observations as (
    select * from {{ ref('stg_agencies__indicator_observations') }}
    where {{ is_new_slice('survey_year_be') }}
),

codes as (
    select * from {{ ref('int_tambon_codes') }}
),

placed as (
    select
        observations.*,
        coalesce(
            villages.village_code,
            case when observations.unit_kind = 'area' then codes.tambon_code else codes.tambon_code || '00' end,
            areas.area_code,
            case when observations.unit_kind = 'area' then observations.province_code end,
            observations.province_code || '000000'
        ) as place_code,
        identifiers.person_key
    from observations
    left join codes on observations.tambon_code = codes.code
    left join {{ ref('villages') }} as villages
        on observations.village_code = villages.village_code and codes.tambon_code = villages.tambon_code
    left join {{ ref('int_areas_unioned') }} as areas
        on observations.amphoe_code = areas.area_code and observations.tambon_code is null
    left join {{ ref('int_person_identifiers') }} as identifiers
        on observations.linkable_person_key = identifiers.linkable_person_key
),

named as (
    select
        *,
        coalesce(
            case unit_kind
                when 'household' then cast(household_key as text)
                when 'person' then cast(coalesce(person_key, linkable_person_key) as text)
                when 'area' then place_code
                when 'community' then place_code || ' ' || community_name
            end,
            agency_id || ' ' || respondent_no,
            'record-' || _submission_id || '-' || _sheet || '-' || _row
        ) as unit_id
    from placed
),

judged as (
    select
        named.*,
        indicators.indicator_id is not null as is_known,
        indicators.weight as indicator_weight,
        case named.deprived
            when 'yes' then true
            when 'no' then false
            when 'not_applicable' then false
            else {{ is_deprived_by('named.value', 'indicators.cutoff', 'indicators.deprived_when') }}
        end as is_deprived
    from named
    left join {{ ref('int_indicators_unioned') }} as indicators
        on
            named.scheme_id = indicators.scheme_id
            and named.indicator_id = indicators.indicator_id
            and named.survey_year_be = indicators.survey_year_be
            and named.unit_kind = indicators.unit_kind
            and indicators.measured_from = 'indicator_observation'
),

-- Only rows that can be judged compete: a useless one received last does not put out a good one.
ranked as (
    select
        *,
        {{ last_received('is_known, is_deprived is null, ' ~ unit_and_indicator) }} as rank_in_unit
    from judged
),

final as (
    select
        period,
        survey_year_be,
        agency_id,
        province_code,
        scheme_id,
        indicator_id,
        unit_kind,
        unit_id,
        place_code,
        coalesce(weight, 1) as unit_weight,
        indicator_weight,
        coalesce(deprived, '') != 'not_applicable' as is_applicable,
        is_deprived,
        case
            when not is_known then 'indicator_unknown'
            when is_deprived is null then 'line_unknown'
            when rank_in_unit > 1 then 'listed_again'
            else 'in_marts'
        end as destination,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
