{#
    Every place a figure can belong to. A remainder holds what lies in a tambon, amphoe, province or the region, nobody
    knows where.
#}
with provinces as (
    select * from {{ ref('provinces') }}
),

amphoe as (
    select * from {{ ref('amphoe') }}
),

tambon as (
    select * from {{ ref('tambon') }}
),

villages as (
    select
        villages.*,
        tambon.amphoe_code,
        tambon.province_code
    from {{ ref('villages') }} as villages
    inner join tambon on villages.tambon_code = tambon.tambon_code
),

unioned as (
    select
        'SBP' as area_code,
        'region' as area_level,
        'จังหวัดชายแดนภาคใต้' as name_th,
        'Southern border provinces' as name_en,
        null as parent_code,
        null as province_code,
        null as amphoe_code,
        null as tambon_code,
        false as is_remainder
    union all
    select province_code, 'province', name_th, name_en, 'SBP', province_code, null, null, false
    from provinces
    union all
    select amphoe_code, 'amphoe', name_th, name_en, province_code, province_code, amphoe_code, null, false
    from amphoe
    union all
    select tambon_code, 'tambon', name_th, name_en, amphoe_code, province_code, amphoe_code, tambon_code, false
    from tambon
    union all
    select village_code, 'village', name_th, name_en, tambon_code, province_code, amphoe_code, tambon_code, false
    from villages
    union all
    select
        tambon_code || '00', 'village', name_th || ' (ไม่ระบุหมู่บ้าน)', name_en || ' (no village)',
        tambon_code, province_code, amphoe_code, tambon_code, true
    from tambon
    union all
    select
        amphoe_code || '0000', 'village', name_th || ' (ไม่ทราบตำบล)', name_en || ' (tambon unknown)',
        amphoe_code, province_code, amphoe_code, null, true
    from amphoe
    union all
    select
        province_code || '000000', 'village', name_th || ' (ไม่ทราบตำบล)', name_en || ' (tambon unknown)',
        province_code, province_code, null, null, true
    from provinces
    union all
    select
        'SBP000000', 'village', 'จังหวัดชายแดนภาคใต้ (ไม่ทราบจังหวัด)', 'Southern border provinces (province unknown)',
        'SBP', null, null, null, true
)

select * from unioned
