{# Answers side by side as they were sent: what is counted over whole columns need not become rows first. #}
with submitted as (
    {{ submitted('household_survey') }}
)

select
    household_key,
    cast(_period as integer) as survey_year_be,
    {% for number in range(1, 39) %}
        {{ survey_item(number) }},
    {% endfor %}
    _submission_id,
    _sheet,
    _row
from submitted
