{# Every row of ita_score and whether it counts: an agency is assessed once a year, so whoever sent it last does. #}
with listed as (
    {{ listed_once('stg_sbpac__ita_scores', once='period, assessed_code') }}
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
