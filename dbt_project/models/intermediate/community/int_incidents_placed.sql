{# Every figure of incidents with its place; one tambon, month and kind in two parts counts as received last. #}
with placed as (
    {{ placed_rows('stg_security_command__incidents', 'place_tambon_code, incident_kind, period') }}
)

select
    leaf_code,
    incident_kind,
    month_first_date,
    fiscal_year_be,
    fiscal_quarter,
    period,
    incidents,
    hurt_persons,
    killed_persons,
    case when rank_of_row > 1 then 'listed_again' else 'in_marts' end as destination,
    _submission_id,
    _sheet,
    _row
from placed
