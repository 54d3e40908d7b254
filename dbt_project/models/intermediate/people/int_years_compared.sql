{{ config(materialized='incremental', meta={'slice_by': 'year_be', 'slices_read': {
    'int_survey_coverage': 'until', 'int_welfare_cards_located': 'until'
}}) }}
{#
    What the people of a year are compared with, by province: its newest survey and its newest register that bear no
    later number than the year. Empty where there is none.
#}
with years as (
    select distinct year_be from {{ ref('int_target_group_members') }}
    where {{ is_new_slice('year_be') }}
),

surveys as (
    select
        years.year_be,
        coverage.province_code,
        max(coverage.survey_year_be) as survey_year_be
    from years
    inner join {{ ref('int_survey_coverage') }} as coverage on years.year_be >= coverage.survey_year_be
    group by years.year_be, coverage.province_code
),

rounds as (
    select distinct
        province_code,
        registration_round_be
    from {{ ref('int_welfare_cards_located') }}
),

registers as (
    select
        years.year_be,
        rounds.province_code,
        max(rounds.registration_round_be) as registration_round_be
    from years
    inner join rounds on years.year_be >= rounds.registration_round_be
    group by years.year_be, rounds.province_code
),

final as (
    select
        years.year_be,
        provinces.province_code,
        surveys.survey_year_be,
        registers.registration_round_be
    from years
    cross join {{ ref('provinces') }} as provinces
    left join surveys
        on years.year_be = surveys.year_be and provinces.province_code = surveys.province_code
    left join registers
        on years.year_be = registers.year_be and provinces.province_code = registers.province_code
)

select * from final
