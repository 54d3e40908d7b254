with submitted as (
    {{ submitted('project') }}
)

select
    project_code,
    target_no,
    cast(_period as integer) as fiscal_year_be,
    coalesce(responsible_agency_id, _agency_id) as responsible_agency_id,
    project_name,
    plan_line,
    strategy,
    personnel_baht,
    operating_baht,
    investment_baht,
    subsidy_baht,
    other_baht,
    budget_baht,
    plan_q1_baht,
    plan_q2_baht,
    plan_q3_baht,
    plan_q4_baht,
    province_code as target_province_code,
    amphoe_code as target_amphoe_code,
    tambon_code as target_tambon_code,
    village_code as target_village_code,
    area_group_code,
    community_name,
    target_group_code,
    target_count,
    target_unit,
    indicator,
    indicator_target,
    start_date,
    end_date,
    {{ sent_columns() }}
from submitted
