with submitted as (
    {{ submitted('population') }}
)

select
    tambon_code,
    cast(_period as integer) as calendar_year_be,
    _province_code as province_code,
    data_status,
    male_persons,
    female_persons,
    total_persons,
    houses,
    _submission_id,
    _sheet,
    _row
from submitted
