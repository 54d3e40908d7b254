{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    Every unit that a scheme of observations judges: its score, and whether that makes it poor. A unit that lacks an
    answer to any indicator of its scheme is incomplete: it is counted, and neither poor nor not poor.
#}
with observations as (
    select * from {{ ref('int_observations_judged') }}
    where destination = 'in_marts' and {{ is_new_slice('survey_year_be') }}
),

schemes as (
    select
        scheme_id,
        survey_year_be,
        rule,
        poverty_cutoff,
        sum(weight) as all_weights,
        count(*) as all_indicators
    from {{ ref('int_indicators_unioned') }}
    where measured_from = 'indicator_observation'
    group by scheme_id, survey_year_be, rule, poverty_cutoff
),

units as (
    select
        scheme_id,
        survey_year_be,
        unit_kind,
        unit_id,
        (array_agg(place_code order by _submission_id desc, _sheet asc, _row asc))[1] as place_code,
        (array_agg(unit_weight order by _submission_id desc, _sheet asc, _row asc))[1] as unit_weight,
        count(*) as answered_indicators,
        coalesce(sum(indicator_weight) filter (where is_deprived), 0) as deprived_weights
    from observations
    group by scheme_id, survey_year_be, unit_kind, unit_id
),

scored as (
    select
        units.*,
        schemes.rule,
        schemes.poverty_cutoff,
        units.answered_indicators = schemes.all_indicators as is_complete,
        units.deprived_weights / schemes.all_weights as score
    from units
    inner join schemes on units.scheme_id = schemes.scheme_id and units.survey_year_be = schemes.survey_year_be
),

final as (
    select
        scheme_id,
        survey_year_be,
        unit_kind,
        unit_id,
        place_code,
        unit_weight,
        is_complete,
        case when is_complete then score end as score,
        case when is_complete then {{ is_poor_by('rule', 'score', 'poverty_cutoff') }} end as is_poor
    from scored
)

select * from final
