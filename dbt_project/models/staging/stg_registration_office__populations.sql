with raw_rows as (
    select * from {{ source('raw', 'population') }}
),

submissions as (
    select * from {{ ref('stg_ops__release_submissions') }}
),

final as (
    select
        raw_rows.tambon_code,
        cast(submissions.period as integer) as calendar_year_be,
        submissions.province_code,
        raw_rows.data_status,
        raw_rows.male_persons,
        raw_rows.female_persons,
        raw_rows.total_persons,
        raw_rows.houses,
        raw_rows._submission_id,
        raw_rows._sheet,
        raw_rows._row
    from raw_rows
    inner join submissions on raw_rows._submission_id = submissions.submission_id
)

select * from final
