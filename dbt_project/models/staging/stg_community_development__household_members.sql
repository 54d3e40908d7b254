{# A person is known by an identifier that may link records; anyone else by their own record, so nobody is dropped. #}
with submitted as (
    {{ submitted('household_member') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        submitted.household_key,
        submitted.member_no,
        cast(submitted._period as integer) as survey_year_be,
        submitted._province_code as province_code,
        case when identifier_kinds.is_linkable then submitted.person_key end as linkable_person_key,
        submitted.person_key_kind,
        submitted.sex,
        submitted.relation,
        submitted.education_level,
        submitted.occupation,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds on submitted.person_key_kind = identifier_kinds.kind
)

select * from final
