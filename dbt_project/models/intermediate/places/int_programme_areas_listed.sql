{#
    The list of each programme and fiscal year, compared with that of the year before. Where there is none of the year
    before, nobody knows which areas are new. An area no longer listed simply has no row.
#}
with areas as (
    select * from {{ ref('int_programme_areas_placed') }}
    where destination = 'in_marts'
),

lists as (
    select distinct
        fiscal_year_be,
        programme_id
    from areas
),

final as (
    select
        areas.fiscal_year_be,
        areas.programme_id,
        areas.place_code,
        areas.community_name,
        areas.area_kind,
        areas.joined_date,
        areas.joined_fiscal_year_be,
        -- The year it joined in is its first; a list cannot be older than that.
        case
            when areas.joined_fiscal_year_be <= areas.fiscal_year_be
                then areas.fiscal_year_be - areas.joined_fiscal_year_be + 1
        end as years_in_programme,
        case when lists.programme_id is not null then earlier.place_code is null end as is_new_in_year,
        areas.stage,
        areas.is_committee_active,
        areas.is_council_active,
        areas.period,
        areas._submission_id,
        areas._sheet,
        areas._row
    from areas
    left join lists
        on areas.programme_id = lists.programme_id and areas.fiscal_year_be - 1 = lists.fiscal_year_be
    left join areas as earlier
        on
            areas.programme_id = earlier.programme_id
            and areas.place_code = earlier.place_code
            and areas.community_name = earlier.community_name
            and areas.fiscal_year_be - 1 = earlier.fiscal_year_be
)

select * from final
