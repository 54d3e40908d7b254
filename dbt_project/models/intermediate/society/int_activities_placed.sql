{# Every activity with its place; one that its division reports again counts by the row received last. #}
with placed as (
    {{ placed_rows(
        'stg_sbpac__activities', 'agency_id, activity_code, fiscal_year_be', levels=['tambon', 'amphoe', 'province']
    ) | indent(4) }}
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        agency_id,
        activity_code,
        period,
        case when rank_of_row = 1 then 'in_marts' else 'listed_again' end as destination,
        activity_name,
        activity_kind,
        place_name,
        place_level,
        place_code,
        {{ province_of_leaf('leaf_code') }} as place_province_code,
        first_date,
        last_date,
        participant_persons,
        male_persons,
        female_persons,
        official_persons,
        community_leader_persons,
        religious_leader_persons,
        civil_society_persons,
        youth_persons,
        women_group_persons,
        general_public_persons,
        budget_baht,
        spent_baht,
        lesson_learnt,
        is_best_practice,
        _submission_id,
        _sheet,
        _row
    from placed
)

select * from final
