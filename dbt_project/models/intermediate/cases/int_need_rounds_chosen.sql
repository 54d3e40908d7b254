{#
    The survey that says who is in need in a fiscal year: the province's latest one up to the year of that number of
    which target poverty is known.
#}
with years as (
    select fiscal_year_be from {{ ref('int_case_quarters') }}
    union
    select fiscal_year_be from {{ ref('stg_agencies__assistance') }}
),

surveys as (
    select
        province_code,
        survey_year_be
    from {{ ref('int_survey_coverage') }}
    where has_scheme and has_register
),

final as (
    select
        years.fiscal_year_be,
        surveys.province_code,
        max(surveys.survey_year_be) as survey_year_be
    from years
    inner join surveys on years.fiscal_year_be >= surveys.survey_year_be
    group by years.fiscal_year_be, surveys.province_code
)

select * from final
