{# The file has one column per item; rules are kept by item number, so items become rows. #}
with submitted as (
    {{ submitted('household_survey') }}
)

select
    submitted.household_key,
    cast(submitted._period as integer) as survey_year_be,
    items.item_no,
    items.answer,
    submitted._submission_id,
    submitted._sheet,
    submitted._row
from submitted
cross join lateral (
    values
    {% for number in range(1, 39) %}
        ({{ number }}, submitted.{{ survey_item(number) }}){{ ',' if not loop.last }}
    {% endfor %}
) as items (item_no, answer)
