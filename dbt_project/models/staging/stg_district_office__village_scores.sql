with submitted as (
    {{ submitted('village_assessment') }}
)

select
    village_code as place_village_code,
    criterion as criterion_id,
    cast(_period as integer) as fiscal_year_be,
    score,
    assessed_date,
    {{ sent_columns() }}
from submitted
