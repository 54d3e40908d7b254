{# A person is known by an identifier that may link records, a unit without code by its number in its survey. #}
with submitted as (
    {{ submitted('indicator_observation') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        submitted._period as period,
        cast(submitted._period as integer) as survey_year_be,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted.scheme_id,
        submitted.indicator_id,
        submitted.unit_kind,
        submitted.household_key,
        case when identifier_kinds.is_linkable then submitted.person_key end as linkable_person_key,
        submitted.person_key_kind,
        submitted.respondent_no,
        submitted.community_name,
        submitted.amphoe_code,
        submitted.tambon_code,
        submitted.village_code,
        submitted.deprived,
        submitted.value,
        submitted.weight,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds on submitted.person_key_kind = identifier_kinds.kind
)

select * from final
