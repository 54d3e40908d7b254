{# Every row of ita_score and whether it counts: of rows for one thing in a period, the row received last does. #}
with listed as (
    {{ listed_once('stg_sbpac__ita_scores', once='agency_id, period, assessed_code') }}
)

select
    fiscal_year_be,
    agency_id,
    assessed_code,
    period,
    destination,
    assessed_name,
    assessed_agency_id,
    iit_score,
    eit_score,
    oit_score,
    score,
    level,
    _submission_id,
    _sheet,
    _row
from listed
