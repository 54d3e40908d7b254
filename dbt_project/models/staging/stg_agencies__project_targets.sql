with submitted as (
    {{ submitted('project') }}
),

final as (
    select
        submitted.project_code,
        submitted.target_no,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted._period as period,
        cast(submitted._period as integer) as fiscal_year_be,
        coalesce(submitted.responsible_agency_id, submitted._agency_id) as responsible_agency_id,
        submitted.project_name,
        submitted.plan_line,
        submitted.strategy,
        submitted.personnel_baht,
        submitted.operating_baht,
        submitted.investment_baht,
        submitted.subsidy_baht,
        submitted.other_baht,
        submitted.budget_baht,
        submitted.plan_q1_baht,
        submitted.plan_q2_baht,
        submitted.plan_q3_baht,
        submitted.plan_q4_baht,
        submitted.province_code as target_province_code,
        submitted.amphoe_code as target_amphoe_code,
        submitted.tambon_code as target_tambon_code,
        submitted.village_code as target_village_code,
        submitted.area_group_code,
        submitted.community_name,
        submitted.target_group_code,
        submitted.target_count,
        submitted.target_unit,
        submitted.indicator,
        submitted.indicator_target,
        submitted.start_date,
        submitted.end_date,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
)

select * from final
