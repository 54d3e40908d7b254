{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    What each surveyed household is deprived in, a column for each item: true failed, false passed, NULL not applicable
    or not answered. An income item left empty is answered from the stated income, strictly below the line of the year.
#}
with households as (
    select * from {{ ref('int_households_located') }}
    where {{ is_new_slice('survey_year_be') }}
),

answers as (
    select * from {{ ref('stg_community_development__household_answers') }}
    where {{ is_new_slice('survey_year_be') }}
),

income_lines as (
    select * from {{ ref('income_lines') }}
),

final as (
    select
        households.household_key,
        households.survey_year_be,
        households.leaf_code,
        households.member_persons,
    {% for number in range(1, 39) %}
        case answers.{{ survey_item(number) }}
            when 'pass' then false
            when 'fail' then true
            when 'not_applicable' then null
            else
                case
                    when income_lines.item_no = {{ number }}
                        then households.income_per_person_baht < income_lines.income_line_baht
                end
        end as {{ survey_item(number) }}{{ ',' if not loop.last }}
    {% endfor %}
    from households
    inner join answers
        on
            households.household_key = answers.household_key
            and households._submission_id = answers._submission_id
            and households._sheet = answers._sheet
            and households._row = answers._row
    left join income_lines on households.survey_year_be = income_lines.survey_year_be
)

select * from final
