{# From each place, of any level, to every area it lies in, itself included: a figure of an amphoe never goes down. #}
with areas as (
    select * from {{ ref('int_areas_unioned') }}
),

nested as (
    select distinct
        areas.area_code as place_code,
        containing.area_code
    from areas
    cross join
        lateral (
            values
            (areas.area_code),
            (areas.tambon_code),
            (areas.amphoe_code),
            (areas.province_code),
            ('SBP')
        ) as containing (area_code)
    where containing.area_code is not null
)

select * from nested
