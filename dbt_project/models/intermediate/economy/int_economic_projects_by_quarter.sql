{#
    Projects × places × quarters that were reported. Participants are a state: those of the quarter's latest month.
    Income and output are what the months brought: added up, income also since 1 October. An output stands only where
    the whole quarter has it in one unit.
#}
with months as (
    select * from {{ ref('int_economic_projects_by_month') }}
),

quarters as (
    select
        fiscal_year_be,
        fiscal_quarter,
        agency_id,
        initiative,
        project_code,
        place_code,
        place_level,
        place_province_code,
        project_agency_id,
        count(*) as reported_months,
        max(period) as latest_month,
        max(participant_persons) filter (where is_latest_of_quarter) as participant_persons,
        max(poor_member_persons) filter (where is_latest_of_quarter) as poor_member_persons,
        cast(sum(income_baht) as numeric(18, 2)) as income_baht,
        sum(output_quantity) as output_quantity,
        max(output_unit) as output_unit,
        bool_or(has_several_units)
        or count(distinct coalesce(output_unit, '')) filter (where output_quantity is not null) > 1 as has_several_units
    from months
    group by
        fiscal_year_be,
        fiscal_quarter,
        agency_id,
        initiative,
        project_code,
        place_code,
        place_level,
        place_province_code,
        project_agency_id
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        agency_id,
        initiative,
        project_code,
        place_code,
        place_level,
        place_province_code,
        project_agency_id,
        reported_months,
        latest_month,
        participant_persons,
        poor_member_persons,
        income_baht,
        cast(sum(income_baht) over to_date as numeric(18, 2)) as cumulative_income_baht,
        min(participant_persons) over to_date as fewest_participant_persons,
        cast(
            case when not has_several_units and output_unit is not null then output_quantity end as numeric(18, 2)
        ) as output_quantity,
        case when not has_several_units and output_quantity is not null then output_unit end as output_unit,
        has_several_units
    from quarters
    window
        to_date as (
            partition by fiscal_year_be, agency_id, initiative, project_code, place_code
            order by fiscal_quarter
        )
)

select * from final
