{#
    Every row that names a target of a project, with the place at the level it was given and whether the row counts.
    A project is known by fiscal year, responsible agency and code. Listed by several agencies, the responsible one's
    list counts, then the one received last; lists are never mixed. Of one target sent twice, the row received last.
#}
with targets as (
    select * from {{ ref('stg_agencies__project_targets') }}
),

codes as (
    select distinct on (code)
        code,
        tambon_code
    from {{ ref('int_tambon_codes') }}
    order by code asc, is_retired asc
),

tambon as (
    select * from {{ ref('tambon') }}
),

villages as (
    select * from {{ ref('villages') }}
),

amphoe as (
    select * from {{ ref('amphoe') }}
),

provinces as (
    select * from {{ ref('provinces') }}
),

area_groups as (
    {{ area_group_provinces() }}
),

-- A village decides about its tambon, a tambon about its amphoe; an unknown code falls back to what holds it.
coded as (
    select
        targets.*,
        villages.village_code as known_village_code,
        coalesce(villages.tambon_code, codes.tambon_code) as known_tambon_code
    from targets
    left join villages on targets.target_village_code = villages.village_code
    left join codes on coalesce(targets.target_tambon_code, left(targets.target_village_code, 6)) = codes.code
),

ranked as (
    select
        coded.*,
        coalesce(tambon.amphoe_code, amphoe.amphoe_code) as known_amphoe_code,
        coalesce(tambon.province_code, amphoe.province_code, provinces.province_code) as stated_province_code,
        area_groups.area_group_code as known_area_group_code,
        area_groups.province_code as group_province_code,
        first_value(coded.agency_id) over (
            partition by coded.fiscal_year_be, coded.responsible_agency_id, coded.project_code
            order by coded.agency_id = coded.responsible_agency_id desc, coded._submission_id desc
        ) as counted_agency_id,
        {{ last_received(
            'coded.fiscal_year_be, coded.responsible_agency_id, coded.project_code, coded.agency_id, coded.target_no'
        ) }} as rank_of_target
    from coded
    left join tambon on coded.known_tambon_code = tambon.tambon_code
    left join amphoe
        on
            coalesce(coded.target_amphoe_code, left(coded.target_tambon_code, 4), left(coded.target_village_code, 4))
            = amphoe.amphoe_code
    left join area_groups on coded.area_group_code = area_groups.area_group_code
    left join provinces
        on
            coalesce(
                coded.target_province_code,
                left(coded.target_amphoe_code, 2),
                left(coded.target_tambon_code, 2),
                left(coded.target_village_code, 2)
            ) = provinces.province_code
),

final as (
    select
        fiscal_year_be,
        responsible_agency_id as agency_id,
        project_code,
        target_no,
        period,
        case
            when agency_id = counted_agency_id and rank_of_target = 1 then 'in_marts'
            else 'listed_again'
        end as destination,
        agency_id as sender_agency_id,
        project_name,
        plan_line,
        strategy,
        personnel_baht,
        operating_baht,
        investment_baht,
        subsidy_baht,
        other_baht,
        cast(
            coalesce(
                budget_baht,
                case
                    when coalesce(personnel_baht, operating_baht, investment_baht, subsidy_baht, other_baht) is not null
                        then
                            coalesce(personnel_baht, 0) + coalesce(operating_baht, 0) + coalesce(investment_baht, 0)
                            + coalesce(subsidy_baht, 0) + coalesce(other_baht, 0)
                end
            ) as numeric(16, 2)
        ) as budget_baht,
        plan_q1_baht,
        plan_q2_baht,
        plan_q3_baht,
        plan_q4_baht,
        case
            when known_village_code is not null then 'village'
            when known_tambon_code is not null then 'tambon'
            when known_amphoe_code is not null then 'amphoe'
            when
                known_area_group_code is not null
                and (target_province_code is null or group_province_code is not null)
                then 'area_group'
            when stated_province_code is not null then 'province'
            else 'not_stated'
        end as target_level,
        known_village_code as village_code,
        known_tambon_code as tambon_code,
        known_amphoe_code as amphoe_code,
        -- A target nobody can place is somewhere in its sender's province.
        case
            when known_area_group_code is not null then coalesce(stated_province_code, group_province_code)
            else coalesce(stated_province_code, province_code)
        end as province_code,
        known_area_group_code as area_group_code,
        community_name,
        target_group_code,
        target_count,
        target_unit,
        indicator,
        indicator_target,
        start_date,
        end_date,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
