{# Households with a target-poor person in a fiscal year. Found in two provinces, the later survey counts. #}
with households as (
    select distinct
        fiscal_year_be,
        household_key,
        survey_year_be,
        leaf_code,
        province_code
    from {{ ref('int_persons_in_need') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by fiscal_year_be, household_key order by survey_year_be desc, leaf_code asc
        ) as rank_of_survey
    from households
)

select
    fiscal_year_be,
    household_key,
    survey_year_be,
    leaf_code,
    province_code
from ranked
where rank_of_survey = 1
