{#
    One row per project. Its money is read once, from the first of its rows that has any, and never shared out; its
    place is the smallest area that holds all its targets.
#}
with targets as (
    select * from {{ ref('int_project_targets_placed') }}
    where destination = 'in_marts'
),

ranked as (
    select
        targets.*,
        row_number() over (
            partition by targets.fiscal_year_be, targets.agency_id, targets.project_code order by targets.target_no
        ) as rank_of_target,
        row_number() over (
            partition by targets.fiscal_year_be, targets.agency_id, targets.project_code
            order by targets.budget_baht is null, targets.target_no
        ) as rank_of_money
    from targets
),

reached as (
    select
        fiscal_year_be,
        agency_id,
        project_code,
        count(*) as target_rows,
        count(distinct village_code) as target_villages,
        count(distinct tambon_code) as target_tambon,
        count(distinct amphoe_code) as target_amphoe,
        count(distinct province_code) as target_provinces,
        sum(target_count) filter (where target_unit = 'persons') as target_persons,
        sum(target_count) filter (where target_unit = 'households') as target_households,
        string_agg(distinct target_group_code, ', ' order by target_group_code) as target_group_codes,
        string_agg(distinct community_name, ', ' order by community_name) as community_names,
        count(distinct budget_baht) > 1 as has_budgets_that_differ,
        min(start_date) as start_date,
        max(end_date) as end_date,
        {% for level in ['village', 'tambon', 'amphoe', 'province', 'area_group'] -%}
            case
                when
                    count({{ level }}_code) = count(*) and count(distinct {{ level }}_code) = 1
                    then min({{ level }}_code)
            end as {{ level }}_code,
        {% endfor -%}
        bool_and(target_level = 'not_stated') as is_nowhere
    from ranked
    group by fiscal_year_be, agency_id, project_code
),

final as (
    select
        reached.fiscal_year_be,
        reached.agency_id,
        reached.project_code,
        described.project_name,
        described.plan_line,
        described.strategy,
        described.indicator,
        described.indicator_target,
        funded.personnel_baht,
        funded.operating_baht,
        funded.investment_baht,
        funded.subsidy_baht,
        funded.other_baht,
        funded.budget_baht,
        funded.plan_q1_baht,
        funded.plan_q2_baht,
        funded.plan_q3_baht,
        funded.plan_q4_baht,
        reached.has_budgets_that_differ,
        reached.start_date,
        reached.end_date,
        case
            when reached.is_nowhere then 'not_stated'
            when reached.village_code is not null then 'village'
            when reached.tambon_code is not null then 'tambon'
            when reached.amphoe_code is not null then 'amphoe'
            when reached.area_group_code is not null then 'area_group'
            when reached.province_code is not null then 'province'
            else 'region'
        end as area_level,
        reached.village_code,
        reached.tambon_code,
        reached.amphoe_code,
        reached.province_code,
        case
            when coalesce(reached.village_code, reached.tambon_code, reached.amphoe_code) is null
                then reached.area_group_code
        end as area_group_code,
        reached.community_names,
        reached.target_rows,
        reached.target_villages,
        reached.target_tambon,
        reached.target_amphoe,
        reached.target_provinces,
        reached.target_persons,
        reached.target_households,
        reached.target_group_codes,
        funded._submission_id,
        funded._sheet,
        funded._row
    from reached
    inner join ranked as described
        on
            reached.fiscal_year_be = described.fiscal_year_be
            and reached.agency_id = described.agency_id
            and reached.project_code = described.project_code
            and described.rank_of_target = 1
    inner join ranked as funded
        on
            reached.fiscal_year_be = funded.fiscal_year_be
            and reached.agency_id = funded.agency_id
            and reached.project_code = funded.project_code
            and funded.rank_of_money = 1
)

select * from final
