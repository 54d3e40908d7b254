with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

schemes as (
    select
        scheme_id,
        survey_year_be,
        bool_or(is_provisional) as is_provisional
    from {{ ref('int_indicators_unioned') }}
    group by scheme_id, survey_year_be
),

final as (
    select
        measures.area_code,
        measures.survey_year_be,
        measures.scheme_id,
        measures.unit_kind,
        areas.area_level,
        areas.province_code,
        schemes.is_provisional,
        measures.measured_units,
        measures.incomplete_units,
        measures.poor_units,
        {{ share_pct('measures.poor_units', 'measures.measured_units') }} as poor_units_pct,
        cast(round(measures.measured_weight) as bigint) as measured_persons,
        cast(round(measures.poor_weight) as bigint) as poor_persons,
        {{ share_pct('measures.poor_weight', 'measures.measured_weight') }} as headcount_pct,
        cast(measures.poor_scores / nullif(measures.poor_weight, 0) as numeric(6, 3)) as intensity,
        cast(measures.poor_scores / nullif(measures.measured_weight, 0) as numeric(6, 3)) as adjusted_headcount
    from {{ ref('int_measures_by_area') }} as measures
    inner join areas on measures.area_code = areas.area_code
    inner join schemes
        on measures.scheme_id = schemes.scheme_id and measures.survey_year_be = schemes.survey_year_be
    where {{ is_new_slice('measures.survey_year_be') }}
)

select * from final
