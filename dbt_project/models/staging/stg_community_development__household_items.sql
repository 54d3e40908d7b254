{# The file has one column per item; rules are kept by item number, so items become rows. #}
with submitted as (
    {{ submitted('household_survey') }}
),

final as (
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
        {% for item_no in range(1, 39) %}
            ({{ item_no }}, submitted.item_{{ '%02d' | format(item_no) }}){{ ',' if not loop.last }}
        {% endfor %}
    ) as items (item_no, answer)
)

select * from final
