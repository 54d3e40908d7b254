with submitted as (
    {{ submitted('malaysia_returnee', identifiers=['person_key']) }}
)

select
    record_no,
    linkable_person_key,
    person_key_kind,
    household_key,
    sex,
    tambon_code,
    village_code,
    crossing_point,
    return_date,
    occupation_there,
    skills,
    wants,
    placement,
    placed_date,
    {{ fiscal_year_be(month_first_date('_period')) }} as fiscal_year_be,
    {{ sent_columns() }}
from submitted
