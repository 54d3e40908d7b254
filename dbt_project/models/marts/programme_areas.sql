with areas as (
    select * from {{ ref('int_programme_areas_listed') }}
),

programmes as (
    select * from {{ ref('programmes_listed') }}
),

final as (
    select
        areas.fiscal_year_be,
        areas.programme_id,
        areas.place_code as area_code,
        areas.community_name,
        areas.area_kind,
        left(areas.place_code, 2) as province_code,
        programmes.name_th as programme_name_th,
        programmes.name_en as programme_name_en,
        areas.joined_date,
        areas.joined_fiscal_year_be,
        areas.years_in_programme,
        areas.is_new_in_year,
        areas.stage,
        areas.is_committee_active,
        areas.is_council_active
    from areas
    left join programmes on areas.programme_id = programmes.programme_id
)

select * from final
