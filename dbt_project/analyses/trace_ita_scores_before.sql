{# The row of the year before, which a score is compared with. #}
select
    scores.fiscal_year_be,
    scores.assessed_code,
    earlier.score,
    array['score'] as _columns,
    earlier._submission_id,
    earlier._sheet,
    earlier._row
from {{ ref('int_ita_scores_judged') }} as scores
inner join {{ ref('int_ita_scores_judged') }} as earlier
    on scores.assessed_code = earlier.assessed_code and scores.fiscal_year_be - 1 = earlier.fiscal_year_be
