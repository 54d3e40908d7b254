{# Where every observation went. Those in the marts are counted at their end, in the figures of the region. #}
with judged as (
    select * from {{ ref('int_observations_judged') }}
),

accounted as (
    select
        cast(by_area.survey_year_be as text) as period,
        'in_marts' as destination,
        sum(by_area.answers) as accounted_rows
    from {{ ref('int_indicators_by_area') }} as by_area
    inner join {{ ref('observation_schemes') }} as schemes on by_area.scheme_id = schemes.scheme_id
    where by_area.area_code = 'SBP'
    group by by_area.survey_year_be
    union all
    select
        period,
        destination,
        count(*)
    from judged
    where destination != 'in_marts'
    group by period, destination
),

final as (
    select
        'indicator_observation' as dataset_id,
        period,
        destination,
        cast(accounted_rows as bigint) as accounted_rows
    from accounted
    where accounted_rows > 0
)

select * from final
