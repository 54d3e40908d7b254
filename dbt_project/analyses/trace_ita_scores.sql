{# The row of the file behind a row of integrity_scores. #}
select
    fiscal_year_be,
    agency_id,
    assessed_code,
    iit_score,
    eit_score,
    oit_score,
    score,
    array['assessed_code'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_ita_scores_listed') }}
where destination = 'in_marts'
