{# A household as the last survey that met it found it; by this one that another file names is known and placed. #}
with households as (
    select
        *,
        row_number() over (partition by household_key order by survey_year_be desc) as rank_of_year
    from {{ ref('int_households_classified') }}
),

final as (
    select
        household_key,
        survey_year_be,
        leaf_code,
        province_code,
        is_health_poor,
        is_living_poor,
        is_education_poor,
        is_income_poor,
        is_access_poor,
        is_any_poor
    from households
    where rank_of_year = 1
)

select * from final
