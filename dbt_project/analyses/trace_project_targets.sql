{# Every row of a plan that a project is made of; `is_money`: the one its money is read from, `is_first`: its words. #}
select
    fiscal_year_be,
    agency_id,
    project_code,
    project_name,
    indicator_target,
    village_code,
    tambon_code as known_tambon_code,
    amphoe_code as known_amphoe_code,
    province_code as known_province_code,
    target_count,
    target_unit,
    personnel_baht,
    operating_baht,
    investment_baht,
    subsidy_baht,
    other_baht,
    budget_baht,
    row_number() over (partition by fiscal_year_be, agency_id, project_code order by target_no) = 1 as is_first,
    row_number() over (
        partition by fiscal_year_be, agency_id, project_code order by budget_baht is null, target_no
    ) = 1 as is_money,
    array['project_code', 'target_no'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_project_targets_placed') }}
where destination = 'in_marts'
