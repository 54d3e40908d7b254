with submitted as (
    {{ submitted('civil_society_organisation') }}
)

select
    organisation_code,
    cast(_period as integer) as fiscal_year_be,
    organisation_name,
    organisation_kind,
    tambon_code as place_tambon_code,
    amphoe_code as place_amphoe_code,
    province_code as place_province_code,
    area_group_code as place_area_group_code,
    member_persons,
    coordinator_persons,
    is_children_women_centre,
    is_active,
    work_fields,
    {{ sent_columns() }}
from submitted
