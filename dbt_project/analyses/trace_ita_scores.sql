{# The row of the file behind a row of integrity_scores. #}
select
    fiscal_year_be,
    assessed_code,
    iit_score,
    eit_score,
    oit_score,
    score,
    array['assessed_code', 'score'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_ita_scores_judged') }}
