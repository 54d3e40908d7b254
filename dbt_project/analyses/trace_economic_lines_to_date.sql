{# Every line about an economic project and place from 1 October to the end of a quarter that was reported. #}
select
    quarters.fiscal_year_be,
    quarters.fiscal_quarter,
    quarters.agency_id,
    quarters.initiative,
    quarters.project_code,
    quarters.place_code as area_code,
    lines.income_baht,
    lines.month_date = max(lines.month_date) over (
        partition by
            quarters.fiscal_year_be,
            quarters.fiscal_quarter,
            quarters.agency_id,
            quarters.initiative,
            quarters.project_code,
            quarters.place_code,
            lines.fiscal_quarter
    ) as is_latest,
    array['initiative', 'income_baht'] as _columns,
    lines._submission_id,
    lines._sheet,
    lines._row
from {{ ref('int_economic_projects_by_quarter') }} as quarters
inner join {{ ref('int_economic_projects_placed') }} as lines
    on
        quarters.fiscal_year_be = lines.fiscal_year_be
        and quarters.fiscal_quarter >= lines.fiscal_quarter
        and quarters.agency_id = lines.agency_id
        and quarters.initiative = lines.initiative
        and quarters.project_code = lines.project_code
        and quarters.place_code = lines.place_code
where lines.destination = 'in_marts'
