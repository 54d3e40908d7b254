with submitted as (
    {{ submitted('population') }}
),

final as (
    select
        submitted.tambon_code,
        cast(submitted._period as integer) as calendar_year_be,
        submitted._province_code as province_code,
        submitted.data_status,
        submitted.male_persons,
        submitted.female_persons,
        submitted.total_persons,
        submitted.houses,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
)

select * from final
