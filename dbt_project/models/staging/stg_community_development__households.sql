with raw_rows as (
    select * from {{ source('raw', 'household_survey') }}
),

submissions as (
    select * from {{ ref('stg_ops__release_submissions') }}
),

final as (
    select
        raw_rows.household_key,
        cast(submissions.period as integer) as survey_year_be,
        submissions.province_code,
        raw_rows.tambon_code,
        raw_rows.village_code,
        raw_rows.survey_date,
        raw_rows.member_persons,
        raw_rows.income_per_person_baht,
        raw_rows._submission_id,
        raw_rows._sheet,
        raw_rows._row
    from raw_rows
    inner join submissions on raw_rows._submission_id = submissions.submission_id
)

select * from final
