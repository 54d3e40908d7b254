{#
    Provinces and the region × quarters from the first list to the newest: whether anything is known by then, and
    whether the list of the quarter came (of the region: every province's).
#}
with lists as (
    select distinct
        sender_province_code as province_code,
        quarter_no
    from {{ ref('int_problems_listed') }}
    where destination = 'in_marts'
),

provinces as (
    select
        areas.province_code,
        min(lists.quarter_no) as first_no
    from {{ ref('provinces') }} as areas
    left join lists on areas.province_code = lists.province_code
    group by areas.province_code
),

quarters as (
    select told.quarter_no
    from (
        select
            min(lists.quarter_no) as first_no,
            max(lists.quarter_no) as newest_no
        from lists
    ) as bounds
    cross join lateral generate_series(bounds.first_no, bounds.newest_no) as told (quarter_no)
),

by_province as (
    select
        provinces.province_code,
        quarters.quarter_no,
        coalesce(quarters.quarter_no >= provinces.first_no, false) as is_known,
        lists.quarter_no is not null as is_listed
    from provinces
    cross join quarters
    left join lists
        on provinces.province_code = lists.province_code and quarters.quarter_no = lists.quarter_no
),

final as (
    select
        told.area_code,
        (by_province.quarter_no - 1) / 4 as fiscal_year_be,
        (by_province.quarter_no - 1) % 4 + 1 as fiscal_quarter,
        bool_or(by_province.is_known) as is_known,
        bool_and(by_province.is_listed) as is_listed
    from by_province
    cross join lateral (values (by_province.province_code), ('SBP')) as told (area_code)
    group by told.area_code, by_province.quarter_no
)

select * from final
