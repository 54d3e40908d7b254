with submitted as (
    {{ submitted('malaysia_returnee') }}
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
        submitted.crossing_point,
        submitted.return_date,
        submitted.occupation_there,
        submitted.skills,
        submitted.wants,
        submitted.placement,
        submitted.placed_date,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted._period as period,
        {{ fiscal_year_be(month_first_date('submitted._period')) }} as fiscal_year_be,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds on submitted.person_key_kind = identifier_kinds.kind
)

select * from final
