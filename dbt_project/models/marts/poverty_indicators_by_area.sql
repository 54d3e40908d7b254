with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

measures as (
    select * from {{ ref('int_measures_by_area') }}
    where {{ is_new_slice('survey_year_be') }}
),

final as (
    select
        counted.area_code,
        counted.survey_year_be,
        counted.scheme_id,
        counted.indicator_id,
        areas.area_level,
        areas.province_code,
        counted.asked_units,
        counted.deprived_units,
        {{ share_pct('counted.deprived_units', 'counted.asked_units') }} as deprived_units_pct,
        counted.deprived_poor_units,
        cast(round(measures.measured_weight) as bigint) as measured_persons,
        cast(round(counted.deprived_weight) as bigint) as deprived_persons,
        {{ share_pct('counted.deprived_weight', 'measures.measured_weight') }} as uncensored_headcount_pct,
        cast(round(counted.deprived_poor_weight) as bigint) as deprived_poor_persons,
        {{ share_pct('counted.deprived_poor_weight', 'measures.measured_weight') }} as censored_headcount_pct,
        cast(
            round(100 * indicators.weight_share * counted.deprived_poor_weight / nullif(measures.poor_scores, 0), 1)
            as numeric(5, 1)
        ) as contribution_pct
    from {{ ref('int_indicators_by_area') }} as counted
    inner join areas on counted.area_code = areas.area_code
    inner join {{ ref('int_indicators_unioned') }} as indicators
        on
            counted.scheme_id = indicators.scheme_id
            and counted.survey_year_be = indicators.survey_year_be
            and counted.indicator_id = indicators.indicator_id
    left join measures
        on
            counted.scheme_id = measures.scheme_id
            and counted.survey_year_be = measures.survey_year_be
            and counted.area_code = measures.area_code
    where {{ is_new_slice('counted.survey_year_be') }}
)

select * from final
