{#
    M0 = Σ weight × censored headcount, exactly: the weighted scores of the poor of an area are those of its indicators.
    A is their average, so nothing but sums is compared.
#}
with by_indicator as (
    select
        counted.scheme_id,
        counted.survey_year_be,
        counted.area_code,
        sum(indicators.weight_share * counted.deprived_poor_weight) as poor_scores
    from {{ ref('int_indicators_by_area') }} as counted
    inner join {{ ref('int_indicators_unioned') }} as indicators
        on
            counted.scheme_id = indicators.scheme_id
            and counted.survey_year_be = indicators.survey_year_be
            and counted.indicator_id = indicators.indicator_id
    where indicators.rule is not null
    group by counted.scheme_id, counted.survey_year_be, counted.area_code
)

select
    measures.scheme_id,
    measures.survey_year_be,
    measures.area_code,
    measures.poor_scores,
    by_indicator.poor_scores as poor_scores_of_indicators
from {{ ref('int_measures_by_area') }} as measures
inner join {{ ref('int_areas_unioned') }} as areas on measures.area_code = areas.area_code
left join by_indicator
    on
        measures.scheme_id = by_indicator.scheme_id
        and measures.survey_year_be = by_indicator.survey_year_be
        and measures.area_code = by_indicator.area_code
where
    areas.area_level != 'village'
    and abs(measures.poor_scores - coalesce(by_indicator.poor_scores, 0)) > 1e-9 * (1 + measures.poor_scores)
