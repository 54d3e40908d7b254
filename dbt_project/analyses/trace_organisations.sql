{# The row about an organisation in the list of the year. #}
select
    fiscal_year_be,
    organisation_code,
    member_persons,
    coordinator_persons,
    array['organisation_code', 'organisation_name'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_civil_society_organisations_compared') }}
