{# Every row about an organisation with its place; of one sent twice in a year, the row received last counts. #}
with placed as (
    {{ placed_rows(
        'stg_sbpac__civil_society_organisations', 'organisation_code, fiscal_year_be',
        levels=['tambon', 'amphoe', 'province', 'area_group']
    ) | indent(4) }}
),

final as (
    select
        fiscal_year_be,
        organisation_code,
        period,
        case when rank_of_row = 1 then 'in_marts' else 'listed_again' end as destination,
        organisation_name,
        organisation_kind,
        place_level,
        place_code,
        {{ province_of_leaf('leaf_code') }} as place_province_code,
        member_persons,
        coordinator_persons,
        is_children_women_centre,
        is_active,
        work_fields,
        _submission_id,
        _sheet,
        _row
    from placed
)

select * from final
