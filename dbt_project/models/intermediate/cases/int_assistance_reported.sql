{#
    Whose help is known in a province, and in the region, in a fiscal year: agencies that reported any for it, regional
    ones among them. Where none did, nobody can say who is in need and gets nothing.
#}
with given as (
    select distinct
        fiscal_year_be,
        agency_id,
        sender_province_code
    from {{ ref('int_assistance_given') }}
),

areas as (
    select
        area_code,
        province_code
    from {{ ref('int_areas_unioned') }}
    where area_level in ('province', 'region')
)

select
    given.fiscal_year_be,
    areas.area_code,
    count(distinct given.agency_id) as reporting_agencies
from given
inner join areas
    on
        given.sender_province_code is null
        or areas.province_code is null
        or given.sender_province_code = areas.province_code
group by given.fiscal_year_be, areas.area_code
