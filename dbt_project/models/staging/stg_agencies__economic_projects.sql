with submitted as (
    {{ submitted('economic_project') }}
)

select
    line_no,
    {{ month_columns('month_date') }},
    initiative,
    project_code,
    tambon_code as place_tambon_code,
    amphoe_code as place_amphoe_code,
    province_code as place_province_code,
    area_group_code as place_area_group_code,
    participant_persons,
    poor_member_persons,
    output_quantity,
    output_unit,
    income_baht,
    {{ sent_columns() }}
from submitted
