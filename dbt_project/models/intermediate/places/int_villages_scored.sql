{#
    Each village assessed in anything, by every criterion of the year and `overall`, beside its score of the year before.
    A criterion that was left out has no score, and then the village has no overall one: a mean of the rest would make
    villages alike that are not.
#}
with scores as (
    select * from {{ ref('int_village_scores_placed') }}
    where destination = 'in_marts'
),

villages as (
    select distinct
        village_code,
        fiscal_year_be
    from scores
),

by_criterion as (
    select
        villages.village_code,
        villages.fiscal_year_be,
        criteria.criterion_id,
        criteria.weight,
        criteria.weighting,
        scores.score
    from villages
    inner join {{ ref('int_village_criteria_by_year') }} as criteria
        on villages.fiscal_year_be = criteria.fiscal_year_be
    left join scores
        on
            villages.village_code = scores.village_code
            and villages.fiscal_year_be = scores.fiscal_year_be
            and criteria.criterion_id = scores.criterion_id
),

unioned as (
    select
        village_code,
        fiscal_year_be,
        criterion_id,
        cast(null as text) as weighting,
        score
    from by_criterion
    union all
    select
        village_code,
        fiscal_year_be,
        'overall',
        weighting,
        case when count(score) = count(*) then round(sum(weight * score) / sum(weight), 2) end
    from by_criterion
    group by village_code, fiscal_year_be, weighting
),

strong as (
    select min(minimum_score) as minimum_score
    from {{ ref('village_levels') }}
    where is_strong
),

final as (
    select
        unioned.village_code,
        unioned.fiscal_year_be,
        unioned.criterion_id,
        cast(unioned.score as numeric(5, 2)) as score,
        coalesce(unioned.score >= strong.minimum_score, false) as is_strong,
        cast(case when unioned.score is not null then earlier.score end as numeric(5, 2)) as score_year_before
    from unioned
    cross join strong
    left join unioned as earlier
        on
            unioned.village_code = earlier.village_code
            and unioned.criterion_id = earlier.criterion_id
            and unioned.fiscal_year_be - 1 = earlier.fiscal_year_be
            and unioned.weighting is not distinct from earlier.weighting
)

select * from final
