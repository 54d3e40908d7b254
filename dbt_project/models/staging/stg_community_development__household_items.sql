{# The file has one column per item; rules are kept by item number, so items become rows. #}
with raw_rows as (
    select * from {{ source('raw', 'household_survey') }}
),

submissions as (
    select * from {{ ref('stg_ops__release_submissions') }}
),

final as (
    select
        raw_rows.household_key,
        cast(submissions.period as integer) as survey_year_be,
        items.item_no,
        items.answer,
        raw_rows._submission_id,
        raw_rows._sheet,
        raw_rows._row
    from raw_rows
    inner join submissions on raw_rows._submission_id = submissions.submission_id
    cross join lateral (
        values
        {% for item_no in range(1, 32) %}
            ({{ item_no }}, raw_rows.item_{{ '%02d' | format(item_no) }}){{ ',' if not loop.last }}
        {% endfor %}
    ) as items (item_no, answer)
)

select * from final
