{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{# One pass over the answers of a year, a count for each item, and only then a row for each place and item. #}
with counted as (
    select
        leaf_code,
        survey_year_be,
    {% for number in range(1, 39) %}
        count({{ survey_item(number) }}) as asked_{{ number }},
        count(*) filter (where {{ survey_item(number) }}) as deprived_{{ number }},
        sum(member_persons) filter (where {{ survey_item(number) }}) as persons_{{ number }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_household_answers') }}
    where {{ is_new_slice('survey_year_be') }}
    group by leaf_code, survey_year_be
),

final as (
    select
        counted.leaf_code,
        counted.survey_year_be,
        items.item_no,
        items.asked_units,
        items.deprived_units,
        coalesce(items.deprived_persons, 0) as deprived_persons
    from counted
    cross join
        lateral (
            values
            {% for number in range(1, 39) %}
                (
                    {{ number }}, asked_{{ number }}, deprived_{{ number }}, persons_{{ number }}
                ){{ ',' if not loop.last }}
            {% endfor %}
        ) as items (item_no, asked_units, deprived_units, deprived_persons)
    where items.asked_units > 0
)

select * from final
