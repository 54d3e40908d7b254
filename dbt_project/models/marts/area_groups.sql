select
    members.area_group_code,
    members.area_code,
    labels.label_th as area_group_th,
    labels.label_en as area_group_en,
    labels.note_th,
    labels.note_en,
    areas.area_level,
    areas.name_th,
    areas.name_en,
    areas.province_code
from {{ ref('area_group_members') }} as members
inner join {{ ref('area_group_labels') }} as labels on members.area_group_code = labels.area_group_code
left join {{ ref('int_areas_unioned') }} as areas on members.area_code = areas.area_code and not areas.is_remainder
