{#
    Projects × places × months. Members of poor households are unknown where a line leaves them open; outputs add up in
    one unit only.
#}
with counted as (
    select * from {{ ref('int_economic_projects_placed') }}
    where destination = 'in_marts'
),

added_up as (
    select
        fiscal_year_be,
        fiscal_quarter,
        month_date,
        period,
        agency_id,
        initiative,
        project_code,
        place_code,
        place_level,
        place_province_code,
        project_agency_id,
        count(*) as counted_lines,
        sum(participant_persons) as participant_persons,
        case when count(poor_member_persons) = count(*) then sum(poor_member_persons) end as poor_member_persons,
        cast(sum(income_baht) as numeric(18, 2)) as income_baht,
        sum(output_quantity) as output_quantity,
        max(output_unit) filter (where output_quantity is not null) as output_unit,
        count(distinct coalesce(output_unit, '')) filter (where output_quantity is not null) as output_units
    from counted
    group by
        fiscal_year_be,
        fiscal_quarter,
        month_date,
        period,
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
        month_date,
        period,
        agency_id,
        initiative,
        project_code,
        place_code,
        place_level,
        place_province_code,
        project_agency_id,
        counted_lines,
        participant_persons,
        poor_member_persons,
        income_baht,
        cast(case when output_units = 1 then output_quantity end as numeric(18, 2)) as output_quantity,
        case when output_units = 1 then output_unit end as output_unit,
        output_units > 1 as has_several_units,
        month_date = max(month_date) over (
            partition by fiscal_year_be, fiscal_quarter, agency_id, initiative, project_code, place_code
        ) as is_latest_of_quarter
    from added_up
)

select * from final
