{# A person is known by an identifier that may link records, a unit without code by its number in its survey. #}
with submitted as (
    {{ submitted('indicator_observation', identifiers=['person_key']) }}
)

select
    cast(_period as integer) as survey_year_be,
    scheme_id,
    indicator_id,
    unit_kind,
    household_key,
    linkable_person_key,
    person_key_kind,
    respondent_no,
    community_name,
    amphoe_code,
    tambon_code,
    village_code,
    deprived,
    value,
    weight,
    {{ sent_columns() }}
from submitted
