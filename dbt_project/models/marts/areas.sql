select
    area_code,
    area_level,
    name_th,
    name_en,
    parent_code,
    province_code,
    amphoe_code,
    tambon_code
from {{ ref('int_areas_unioned') }}
where not is_remainder
