with submitted as (
    {{ submitted('unregistered_person') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        submitted.record_no,
        case when present.is_linkable then submitted.person_key end as linkable_person_key,
        submitted.person_key_kind,
        case when earlier.is_linkable then submitted.earlier_person_key end as earlier_linkable_person_key,
        submitted.earlier_person_key_kind,
        submitted.household_key,
        submitted.sex,
        submitted.tambon_code,
        submitted.village_code,
        submitted.document_kind,
        submitted.proof_stage,
        submitted.application_date,
        submitted.granted_date,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted._period as period,
        cast(submitted._period as integer) as calendar_year_be,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds as present on submitted.person_key_kind = present.kind
    left join identifier_kinds as earlier on submitted.earlier_person_key_kind = earlier.kind
)

select * from final
