with quarters as (
    select * from {{ ref('int_economic_projects_by_quarter') }}
),

agencies as (
    select * from {{ ref('agencies') }}
),

initiatives as (
    select * from {{ ref('society_labels') }}
    where code_list = 'initiative'
),

final as (
    select
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        quarters.agency_id,
        quarters.initiative,
        quarters.project_code,
        quarters.place_code as area_code,
        quarters.place_level as area_level,
        quarters.place_province_code as province_code,
        agencies.name_th as agency_name_th,
        agencies.name_en as agency_name_en,
        initiatives.label_th as initiative_th,
        initiatives.label_en as initiative_en,
        quarters.project_agency_id is not null as is_planned,
        quarters.project_agency_id,
        quarters.latest_month,
        quarters.reported_months,
        quarters.participant_persons,
        quarters.poor_member_persons,
        {{ share_pct('quarters.poor_member_persons', 'quarters.participant_persons') }} as poor_member_pct,
        quarters.income_baht,
        cast(
            round(quarters.income_baht / nullif(quarters.participant_persons, 0), 2) as numeric(18, 2)
        ) as income_per_participant_baht,
        quarters.fewest_participant_persons,
        quarters.cumulative_income_baht,
        quarters.output_quantity,
        quarters.output_unit
    from quarters
    left join agencies on quarters.agency_id = agencies.agency_id
    left join initiatives on quarters.initiative = initiatives.code
)

select * from final
