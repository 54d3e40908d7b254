with submitted as (
    {{ submitted('ita_score') }}
)

select
    cast(_period as integer) as fiscal_year_be,
    assessed_code,
    assessed_name,
    assessed_agency_id,
    iit_score,
    eit_score,
    oit_score,
    score,
    level,
    {{ sent_columns() }}
from submitted
