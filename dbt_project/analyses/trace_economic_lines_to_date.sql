{# Every line about an economic project and place from 1 October to the end of a quarter that was reported. #}
select
    quarters.fiscal_year_be,
    quarters.fiscal_quarter,
    quarters.agency_id,
    quarters.initiative,
    quarters.project_code,
    quarters.place_code as area_code,
    reported.income_baht,
    reported.month_date = max(reported.month_date) over (
        partition by
            quarters.fiscal_year_be,
            quarters.fiscal_quarter,
            quarters.agency_id,
            quarters.initiative,
            quarters.project_code,
            quarters.place_code,
            reported.fiscal_quarter
    ) as is_latest,
    array['initiative', 'income_baht'] as _columns,
    reported._submission_id,
    reported._sheet,
    reported._row
from {{ ref('int_economic_projects_by_quarter') }} as quarters
inner join {{ ref('int_economic_projects_placed') }} as reported
    on
        quarters.fiscal_year_be = reported.fiscal_year_be
        and quarters.fiscal_quarter >= reported.fiscal_quarter
        and quarters.agency_id = reported.agency_id
        and quarters.initiative = reported.initiative
        and quarters.project_code = reported.project_code
        and quarters.place_code = reported.place_code
where reported.destination = 'in_marts'
