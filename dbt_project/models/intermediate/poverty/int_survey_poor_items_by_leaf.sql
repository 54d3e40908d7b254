{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{# Of the households that a scheme finds poor, how many fail each item: what censored headcounts are made of. #}
with poor as (
    select
        household_key,
        survey_year_be,
        scheme_id
    from {{ ref('int_households_scored') }}
    where is_poor and {{ is_new_slice('survey_year_be') }}
),

counted as (
    select
        answers.leaf_code,
        answers.survey_year_be,
        poor.scheme_id,
    {% for number in range(1, 39) %}
        count(*) filter (where answers.{{ survey_item(number) }}) as units_{{ number }},
        sum(answers.member_persons) filter (where answers.{{ survey_item(number) }})
            as persons_{{ number }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_household_answers') }} as answers
    inner join poor
        on answers.household_key = poor.household_key and answers.survey_year_be = poor.survey_year_be
    where {{ is_new_slice('answers.survey_year_be') }}
    group by answers.leaf_code, answers.survey_year_be, poor.scheme_id
),

final as (
    select
        counted.leaf_code,
        counted.survey_year_be,
        counted.scheme_id,
        items.item_no,
        items.deprived_poor_units,
        items.deprived_poor_persons
    from counted
    cross join
        lateral (
            values
            {% for number in range(1, 39) %}
                ({{ number }}, units_{{ number }}, persons_{{ number }}){{ ',' if not loop.last }}
            {% endfor %}
        ) as items (item_no, deprived_poor_units, deprived_poor_persons)
    where items.deprived_poor_units > 0
)

select * from final
