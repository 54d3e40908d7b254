{#
    Provinces and the region × quarters that complaints were received in or months reported of: for how many months the
    province's Damrongtham centre reported (of the region: the fewest of any province).
#}
with reports as (
    select * from {{ ref('int_complaints_reported') }}
    where destination <> 'listed_again'
),

centres as (
    select
        reports.sender_province_code as province_code,
        reports.month_first_date,
        {{ fiscal_year_be('reports.month_first_date') }} as fiscal_year_be,
        {{ fiscal_quarter('reports.month_first_date') }} as fiscal_quarter
    from reports
    inner join {{ ref('agencies') }} as agencies
        on reports.agency_id = agencies.agency_id and agencies.agency_kind = 'damrongtham_centre'
),

months as (
    select
        province_code,
        fiscal_year_be,
        fiscal_quarter,
        count(distinct month_first_date) as reported_months
    from centres
    group by province_code, fiscal_year_be, fiscal_quarter
),

quarters as (
    select
        fiscal_year_be,
        fiscal_quarter
    from reports
    union
    select
        {{ fiscal_year_be('month_first_date') }},
        {{ fiscal_quarter('month_first_date') }}
    from reports
),

by_province as (
    select
        provinces.province_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        coalesce(months.reported_months, 0) as reported_months
    from {{ ref('provinces') }} as provinces
    cross join quarters
    left join months
        on
            provinces.province_code = months.province_code
            and quarters.fiscal_year_be = months.fiscal_year_be
            and quarters.fiscal_quarter = months.fiscal_quarter
),

final as (
    select
        told.area_code,
        by_province.fiscal_year_be,
        by_province.fiscal_quarter,
        cast(min(by_province.reported_months) as integer) as reported_months,
        max(by_province.reported_months) > 0 as is_known
    from by_province
    cross join lateral (values (by_province.province_code), ('SBP')) as told (area_code)
    group by told.area_code, by_province.fiscal_year_be, by_province.fiscal_quarter
)

select * from final
