with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

villages as (
    select
        nested.area_code,
        count(*) as villages
    from areas
    inner join {{ ref('int_areas_nested') }} as nested on areas.area_code = nested.leaf_code
    group by nested.area_code
),

-- As they are called today.
labelled as (
    select distinct on (criterion_id)
        criterion_id,
        criterion_order,
        label_th,
        label_en
    from {{ ref('village_criteria') }}
    order by criterion_id asc, from_fiscal_year_be desc
),

criteria as (
    select
        by_year.fiscal_year_be,
        by_year.criterion_id,
        labelled.criterion_order,
        labelled.label_th,
        labelled.label_en
    from {{ ref('int_village_criteria_by_year') }} as by_year
    inner join labelled on by_year.criterion_id = labelled.criterion_id
    union all
    select distinct
        fiscal_year_be,
        'overall',
        0,
        'คะแนนรวม',
        'Overall'
    from {{ ref('int_village_criteria_by_year') }}
),

strengths as (
    select * from {{ ref('int_village_strengths_by_area') }}
),

levels as (
    select * from {{ ref('village_levels') }}
),

-- Every area that has villages, so that what nobody assessed shows; villages only where somebody did.
joined as (
    select
        areas.area_code,
        criteria.fiscal_year_be,
        criteria.criterion_id,
        areas.area_level,
        areas.province_code,
        criteria.criterion_order,
        criteria.label_th as criterion_th,
        criteria.label_en as criterion_en,
        villages.villages,
        coalesce(strengths.assessed_villages, 0) as assessed_villages,
        coalesce(strengths.incomplete_villages, 0) as incomplete_villages,
        cast(
            round(strengths.score_total / nullif(strengths.assessed_villages, 0), 2) as numeric(5, 2)
        ) as average_score,
        coalesce(strengths.strong_villages, 0) as strong_villages,
        coalesce(strengths.compared_villages, 0) as compared_villages,
        cast(
            round(strengths.change_total / nullif(strengths.compared_villages, 0), 2) as numeric(5, 2)
        ) as average_score_change
    from areas
    inner join villages on areas.area_code = villages.area_code
    cross join criteria
    left join strengths
        on
            areas.area_code = strengths.area_code
            and criteria.fiscal_year_be = strengths.fiscal_year_be
            and criteria.criterion_id = strengths.criterion_id
    where areas.area_level != 'village' or strengths.area_code is not null
),

final as (
    select
        joined.area_code,
        joined.fiscal_year_be,
        joined.criterion_id,
        joined.area_level,
        joined.province_code,
        joined.criterion_order,
        joined.criterion_th,
        joined.criterion_en,
        joined.villages,
        joined.assessed_villages,
        {{ share_pct('joined.assessed_villages', 'joined.villages') }} as assessed_villages_pct,
        joined.incomplete_villages,
        joined.average_score,
        reached.level_id,
        joined.strong_villages,
        {{ share_pct('joined.strong_villages', 'joined.assessed_villages') }} as strong_villages_pct,
        joined.compared_villages,
        joined.average_score_change
    from joined
    left join lateral (
        select levels.level_id
        from levels
        where joined.average_score >= levels.minimum_score
        order by levels.minimum_score desc
        limit 1
    ) as reached on true
)

select * from final
