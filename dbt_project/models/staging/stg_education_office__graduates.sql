with submitted as (
    {{ submitted('graduate') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        submitted.record_no,
        case when identifier_kinds.is_linkable then submitted.person_key end as linkable_person_key,
        submitted.person_key_kind,
        submitted.household_key,
        submitted.sex,
        submitted.tambon_code,
        submitted.village_code,
        submitted.level,
        submitted.institution,
        submitted.field_of_study,
        submitted.current_status,
        submitted.help_received,
        submitted.asked_date,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted._period as period,
        cast(submitted._period as integer) as academic_year_be,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds on submitted.person_key_kind = identifier_kinds.kind
)

select * from final
