{#
    Every row of the lists of problems, with its place and the project of the plan that answers it: that of the agency
    it names, else the only one of the fiscal year with its code. Of one problem in two parts of a quarter the row
    received last counts.
#}
with placed as (
    {{ placed_rows('stg_district_office__problems', 'agency_id, problem_no, period', levels=['village', 'tambon']) }}
),

planned as (
    select
        fiscal_year_be,
        agency_id,
        project_code,
        count(*) over (partition by fiscal_year_be, project_code) as projects_with_code
    from {{ ref('int_projects_listed') }}
    where is_planned
),

final as (
    select
        placed.agency_id,
        placed.problem_no,
        placed.fiscal_year_be,
        placed.fiscal_quarter,
        placed.period,
        placed.province_code as sender_province_code,
        placed.leaf_code,
        placed.problem_kind,
        placed.severity,
        placed.affected_households,
        placed.first_reported_date,
        placed.problem_status,
        placed.project_code,
        planned.agency_id as planned_agency_id,
        planned.agency_id is not null as is_planned,
        4 * placed.fiscal_year_be + placed.fiscal_quarter as quarter_no,
        case when placed.rank_of_row > 1 then 'listed_again' else 'in_marts' end as destination,
        placed._submission_id,
        placed._sheet,
        placed._row
    from placed
    left join planned
        on
            placed.fiscal_year_be = planned.fiscal_year_be
            and placed.project_code = planned.project_code
            and (
                placed.project_agency_id = planned.agency_id
                or (placed.project_agency_id is null and planned.projects_with_code = 1)
            )
)

select * from final
