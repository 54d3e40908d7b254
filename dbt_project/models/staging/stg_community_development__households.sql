with submitted as (
    {{ submitted('household_survey') }}
),

final as (
    select
        submitted.household_key,
        cast(submitted._period as integer) as survey_year_be,
        submitted._province_code as province_code,
        submitted.tambon_code,
        submitted.village_code,
        submitted.survey_date,
        submitted.member_persons,
        submitted.income_per_person_baht,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
)

select * from final
