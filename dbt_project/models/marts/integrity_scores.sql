with scores as (
    select * from {{ ref('int_ita_scores_judged') }}
),

final as (
    select
        fiscal_year_be,
        assessed_code,
        agency_id,
        assessed_name,
        assessed_agency_id,
        iit_score,
        eit_score,
        oit_score,
        score,
        ita_level,
        level_th,
        level_en,
        is_level_provisional,
        level_sent,
        is_level_sent_right,
        is_goal_reached,
        score_year_before,
        cast(score_change as numeric(5, 2)) as score_change
    from scores
)

select * from final
