{# Where the rows of ita_score went; see int_rows_accounted. #}
with accounted as (
    {{ rows_accounted('ita_score', 'int_ita_scores_listed', in_marts='int_ita_scores_judged') }}
)

select
    dataset_id,
    period,
    destination,
    accounted_rows
from accounted
