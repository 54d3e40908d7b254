{#
    Every row of a list of areas, at the place it was given, and whether it counts. A code that no list has is not
    counted at a larger place: it would be another area. Of one area named twice, also by a retired code, the row
    received last.
#}
with placed as (
    {{ placed_rows(
        'stg_sbpac__programme_areas',
        once='fiscal_year_be, programme_id, place_tambon_code, place_village_code, community_name',
        levels=['village', 'tambon']
    ) }}
),

known as (
    select
        placed.*,
        case when placed.area_kind = 'village' then 'village' else 'tambon' end = placed.place_level as is_place_known
    from placed
),

ranked as (
    select
        known.*,
        {{ last_received('is_place_known, fiscal_year_be, programme_id, place_code, community_name') }} as rank_of_area
    from known
),

final as (
    select
        fiscal_year_be,
        programme_id,
        place_code,
        community_name,
        area_kind,
        joined_date,
        {{ fiscal_year_be('joined_date') }} as joined_fiscal_year_be,
        stage,
        is_committee_active,
        is_council_active,
        period,
        case
            when not is_place_known then 'place_unknown'
            when rank_of_area > 1 then 'listed_again'
            else 'in_marts'
        end as destination,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
