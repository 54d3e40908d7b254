{# The rows behind a village's score of the year before, told in the year that compares with it. #}
select
    nested.area_code,
    villages.fiscal_year_be,
    villages.criterion_id,
    array['village_code', 'criterion', 'score'] as _columns,
    scores._submission_id,
    scores._sheet,
    scores._row
from {{ ref('int_villages_scored') }} as villages
inner join {{ ref('int_areas_nested') }} as nested on villages.village_code = nested.leaf_code
inner join {{ ref('int_village_scores_placed') }} as scores
    on
        villages.village_code = scores.village_code
        and villages.fiscal_year_be - 1 = scores.fiscal_year_be
        and scores.destination = 'in_marts'
        and villages.criterion_id in (scores.criterion_id, 'overall')
where villages.score_year_before is not null
