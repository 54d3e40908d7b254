{#
    The rows behind a village's score, in every area: its own row of a criterion; all rows of the village for the overall
    score, and for a criterion it lacks, since they tell that it was assessed.
#}
select
    nested.area_code,
    villages.fiscal_year_be,
    villages.criterion_id,
    villages.village_code,
    villages.score as village_score,
    villages.is_strong,
    villages.score_year_before,
    array['village_code', 'criterion', 'score'] as _columns,
    scores._submission_id,
    scores._sheet,
    scores._row
from {{ ref('int_villages_scored') }} as villages
inner join {{ ref('int_areas_nested') }} as nested on villages.village_code = nested.leaf_code
inner join {{ ref('int_village_scores_placed') }} as scores
    on
        villages.village_code = scores.village_code
        and villages.fiscal_year_be = scores.fiscal_year_be
        and scores.destination = 'in_marts'
        and (
            villages.criterion_id in (scores.criterion_id, 'overall')
            or villages.score is null
        )
