{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    Deprivation by dimension, as the scheme of the survey year says. Failing one item of a dimension is deprivation;
    "not applicable" is not. An income item left empty is answered from the stated income: deprived below the line.
#}
with households as (
    select * from {{ ref('int_households_located') }}
    where {{ is_new_slice('survey_year_be') }}
),

schemes as (
    select * from {{ ref('poverty_schemes') }}
    where scheme_id = '{{ var("poverty_scheme") }}'
),

scheme_items as (
    select * from {{ ref('poverty_scheme_items') }}
    where scheme_id = '{{ var("poverty_scheme") }}'
),

answers as (
    select * from {{ ref('stg_community_development__household_items') }}
    where {{ is_new_slice('survey_year_be') }}
),

income_lines as (
    select * from {{ ref('income_lines') }}
),

judged as (
    select
        households.household_key,
        households.survey_year_be,
        scheme_items.dimension,
        coalesce(
            answers.answer = 'fail',
            households.income_per_person_baht < income_lines.income_line_baht,
            false
        ) as is_deprived
    from households
    inner join answers
        on
            households.household_key = answers.household_key
            and households._submission_id = answers._submission_id
            and households._sheet = answers._sheet
            and households._row = answers._row
    inner join scheme_items
        on
            answers.survey_year_be = scheme_items.survey_year_be
            and answers.item_no = scheme_items.item_no
    left join income_lines
        on
            scheme_items.survey_year_be = income_lines.survey_year_be
            and scheme_items.survey_round = income_lines.survey_round
            and scheme_items.item_no = income_lines.item_no
),

dimensions as (
    select
        household_key,
        survey_year_be,
        bool_or(is_deprived and dimension = 'health') as is_health_poor,
        bool_or(is_deprived and dimension = 'living') as is_living_poor,
        bool_or(is_deprived and dimension = 'education') as is_education_poor,
        bool_or(is_deprived and dimension = 'income') as is_income_poor,
        bool_or(is_deprived and dimension = 'access') as is_access_poor,
        bool_or(is_deprived) as is_any_poor
    from judged
    group by household_key, survey_year_be
),

final as (
    select
        households.household_key,
        households.survey_year_be,
        households.leaf_code,
        households.province_code,
        schemes.register_rule,
        dimensions.is_health_poor,
        dimensions.is_living_poor,
        dimensions.is_education_poor,
        dimensions.is_income_poor,
        dimensions.is_access_poor,
        dimensions.is_any_poor
    from households
    left join schemes on households.survey_year_be = schemes.survey_year_be
    left join dimensions
        on
            households.household_key = dimensions.household_key
            and households.survey_year_be = dimensions.survey_year_be
)

select * from final
