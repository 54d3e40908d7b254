{# Answers side by side as they were sent: what is counted over whole columns need not become rows first. #}
with submitted as (
    {{ submitted('household_survey') }}
),

final as (
    select
        submitted.household_key,
        cast(submitted._period as integer) as survey_year_be,
        {% for number in range(1, 39) %}
            submitted.{{ survey_item(number) }},
        {% endfor %}
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
)

select * from final
