{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be',
    'slices_read': {'stg_provincial_treasury__welfare_cards': 'until'}
}) }}
{# For each survey year and treasury: its latest registration round that is not later than the survey. #}
with survey_years as (
    select distinct survey_year_be from {{ ref('int_households_located') }}
    where {{ is_new_slice('survey_year_be') }}
),

rounds as (
    select distinct
        agency_id,
        province_code,
        registration_round_be
    from {{ ref('stg_provincial_treasury__welfare_cards') }}
),

final as (
    select
        survey_years.survey_year_be,
        rounds.agency_id,
        rounds.province_code,
        max(rounds.registration_round_be) as registration_round_be
    from survey_years
    inner join rounds on survey_years.survey_year_be >= rounds.registration_round_be
    group by survey_years.survey_year_be, rounds.agency_id, rounds.province_code
)

select * from final
