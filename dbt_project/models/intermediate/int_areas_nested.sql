{# From each lowest place to every area it lies in, itself included: the one way figures are added up. #}
with leaves as (
    select * from {{ ref('int_areas_unioned') }}
    where area_level = 'village'
),

nested as (
    select
        leaves.area_code as leaf_code,
        containing.area_code
    from leaves
    cross join
        lateral (
            values
            (leaves.area_code),
            (leaves.tambon_code),
            (leaves.amphoe_code),
            (leaves.province_code),
            ('SBP')
        ) as containing (area_code)
    where containing.area_code is not null
)

select * from nested
