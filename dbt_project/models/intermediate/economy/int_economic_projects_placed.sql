{#
    Every line about an economic project with its place and the project of the plan it belongs to: its sender's own, else
    the only one of that year with its code. Lines of one file about the same project and place are about different people
    and add up; the file received last counts for the project, place and month.
#}
with placed as (
    {{ placed_rows(
        'stg_agencies__economic_projects', '_submission_id, _sheet, _row',
        levels=['tambon', 'amphoe', 'province', 'area_group']
    ) | indent(4) }}
),

planned as (
    select
        fiscal_year_be,
        project_code,
        array_agg(agency_id) as agency_ids,
        case when count(*) = 1 then min(agency_id) end as only_agency_id
    from {{ ref('int_projects_consolidated') }}
    group by fiscal_year_be, project_code
),

matched as (
    select
        placed.*,
        coalesce(placed.project_code, 'not_stated') as stated_project_code,
        case
            when placed.agency_id = any(planned.agency_ids) then placed.agency_id
            else planned.only_agency_id
        end as project_agency_id,
        max(placed._submission_id) over (
            partition by
                placed.agency_id, placed.initiative, placed.project_code, placed.place_code, placed.month_date
        ) as latest_submission_id
    from placed
    left join planned
        on
            placed.fiscal_year_be = planned.fiscal_year_be
            and placed.project_code = planned.project_code
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        month_date,
        agency_id,
        initiative,
        stated_project_code as project_code,
        place_code,
        place_level,
        {{ province_of_leaf('leaf_code') }} as place_province_code,
        period,
        case when _submission_id = latest_submission_id then 'in_marts' else 'listed_again' end as destination,
        project_agency_id,
        participant_persons,
        poor_member_persons,
        output_quantity,
        output_unit,
        income_baht,
        _submission_id,
        _sheet,
        _row
    from matched
)

select * from final
