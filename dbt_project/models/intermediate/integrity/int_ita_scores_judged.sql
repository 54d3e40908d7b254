{#
    The scores that count, each with its level by the table of its own year (before the first table by that one), beside
    the year before, and whether it reaches the national goal.
#}
{%- set goal_points = 85 -%}
with scores as (
    select * from {{ ref('int_ita_scores_listed') }}
    where destination = 'in_marts'
),

levels as (
    select * from {{ ref('ita_levels') }}
),

years as (
    select
        by_year.fiscal_year_be,
        coalesce(max(levels.fiscal_year_from_be), (select min(listed.fiscal_year_from_be) from levels as listed))
            as levels_from_be
    from (select distinct fiscal_year_be from scores) as by_year
    left join levels on by_year.fiscal_year_be >= levels.fiscal_year_from_be
    group by by_year.fiscal_year_be
),

levelled as (
    select distinct on (scores.fiscal_year_be, scores.assessed_code)
        scores.*,
        levels.level as ita_level,
        levels.label_th as level_th,
        levels.label_en as level_en,
        levels.is_provisional as is_level_provisional
    from scores
    inner join years on scores.fiscal_year_be = years.fiscal_year_be
    inner join levels
        on years.levels_from_be = levels.fiscal_year_from_be and scores.score >= levels.minimum_score
    order by scores.fiscal_year_be asc, scores.assessed_code asc, levels.minimum_score desc
),

final as (
    select
        levelled.fiscal_year_be,
        levelled.assessed_code,
        levelled.period,
        levelled.agency_id,
        levelled.assessed_name,
        levelled.assessed_agency_id,
        levelled.iit_score,
        levelled.eit_score,
        levelled.oit_score,
        levelled.score,
        levelled.ita_level,
        levelled.level_th,
        levelled.level_en,
        levelled.is_level_provisional,
        levelled.level as level_sent,
        levelled.level = levelled.ita_level as is_level_sent_right,
        levelled.score >= {{ goal_points }} as is_goal_reached,
        earlier.score as score_year_before,
        levelled.score - earlier.score as score_change,
        levelled._submission_id,
        levelled._sheet,
        levelled._row
    from levelled
    left join scores as earlier
        on
            levelled.assessed_code = earlier.assessed_code
            and levelled.fiscal_year_be - 1 = earlier.fiscal_year_be
)

select * from final
