with submitted as (
    {{ submitted('vulnerable_person') }}
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
        submitted.group_code,
        submitted.main_need,
        submitted.second_need,
        submitted.care_status,
        submitted.care_kind,
        submitted.care_date,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted._period as period,
        cast(left(submitted._period, 4) as integer) as fiscal_year_be,
        cast(right(submitted._period, 1) as integer) as fiscal_quarter,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds on submitted.person_key_kind = identifier_kinds.kind
)

select * from final
