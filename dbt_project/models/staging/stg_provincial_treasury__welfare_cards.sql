with submitted as (
    {{ submitted('welfare_card') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        case when identifier_kinds.is_linkable then submitted.person_key end as linkable_person_key,
        submitted.person_key_kind,
        cast(submitted._period as integer) as registration_round_be,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted.validation_status = 'validated' as is_validated,
        submitted.registered_date,
        submitted.tambon_code,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds on submitted.person_key_kind = identifier_kinds.kind
)

select * from final
