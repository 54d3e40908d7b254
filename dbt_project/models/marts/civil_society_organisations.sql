with organisations as (
    select * from {{ ref('int_civil_society_organisations_compared') }}
),

kinds as (
    select * from {{ ref('society_labels') }}
    where code_list = 'organisation_kind'
),

final as (
    select
        organisations.fiscal_year_be,
        organisations.organisation_code,
        organisations.organisation_name,
        organisations.organisation_kind,
        kinds.label_th as organisation_kind_th,
        kinds.label_en as organisation_kind_en,
        organisations.place_level as area_level,
        organisations.place_code as area_code,
        organisations.place_province_code as province_code,
        organisations.is_children_women_centre,
        organisations.is_active,
        organisations.is_new,
        organisations.work_fields,
        organisations.member_persons,
        organisations.year_before_member_persons,
        organisations.fewest_member_persons,
        organisations.member_change_persons,
        organisations.coordinator_persons
    from organisations
    left join kinds on organisations.organisation_kind = kinds.code
)

select * from final
