{# Incidents by area, quarter and kind (`any`: all of them), added up from their tambon. #}
with by_leaf as (
    select
        leaf_code,
        fiscal_year_be,
        fiscal_quarter,
        incident_kind,
        sum(incidents) as incidents,
        sum(hurt_persons) as hurt_persons,
        sum(killed_persons) as killed_persons
    from {{ ref('int_incidents_placed') }}
    where destination = 'in_marts'
    group by leaf_code, fiscal_year_be, fiscal_quarter, incident_kind
),

final as (
    select
        nested.area_code,
        by_leaf.fiscal_year_be,
        by_leaf.fiscal_quarter,
        told.incident_kind,
        cast(sum(by_leaf.incidents) as bigint) as incidents,
        cast(sum(by_leaf.hurt_persons) as bigint) as hurt_persons,
        cast(sum(by_leaf.killed_persons) as bigint) as killed_persons
    from by_leaf
    inner join {{ ref('int_areas_nested') }} as nested on by_leaf.leaf_code = nested.leaf_code
    cross join lateral (values (by_leaf.incident_kind), ('any')) as told (incident_kind)
    group by nested.area_code, by_leaf.fiscal_year_be, by_leaf.fiscal_quarter, told.incident_kind
)

select * from final
