with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where area_level <> 'village'
),

quarters as (
    select * from {{ ref('int_incident_quarters') }}
),

kinds as (
    select * from {{ ref('incident_kinds') }}
),

incidents as (
    select * from {{ ref('int_incidents_by_area') }}
),

-- Who has no row in a month that was reported had no incident; of a quarter nobody reported on nothing is known.
counted as (
    select
        areas.area_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        kinds.incident_kind,
        areas.area_level,
        areas.province_code,
        kinds.label_th as incident_kind_th,
        kinds.label_en as incident_kind_en,
        quarters.reported_months,
        quarters.is_complete,
        quarters.is_comparable_with_year_before,
        case when quarters.reported_months > 0 then coalesce(incidents.incidents, 0) end as incidents,
        case when quarters.reported_months > 0 then coalesce(incidents.hurt_persons, 0) end as hurt_persons,
        case
            when incidents.incidents > 0 then incidents.killed_persons
            when quarters.reported_months > 0 then 0
        end as killed_persons
    from areas
    cross join quarters
    cross join kinds
    left join incidents
        on
            areas.area_code = incidents.area_code
            and quarters.fiscal_year_be = incidents.fiscal_year_be
            and quarters.fiscal_quarter = incidents.fiscal_quarter
            and kinds.incident_kind = incidents.incident_kind
),

final as (
    select
        counted.area_code,
        counted.fiscal_year_be,
        counted.fiscal_quarter,
        counted.incident_kind,
        counted.area_level,
        counted.province_code,
        counted.incident_kind_th,
        counted.incident_kind_en,
        counted.reported_months,
        counted.is_complete,
        counted.incidents,
        counted.hurt_persons,
        counted.killed_persons,
        counted.is_comparable_with_year_before,
        case when counted.is_comparable_with_year_before then earlier.incidents end as incidents_year_before,
        case
            when counted.is_comparable_with_year_before then counted.incidents - earlier.incidents
        end as incidents_change
    from counted
    left join counted as earlier
        on
            counted.area_code = earlier.area_code
            and counted.fiscal_year_be - 1 = earlier.fiscal_year_be
            and counted.fiscal_quarter = earlier.fiscal_quarter
            and counted.incident_kind = earlier.incident_kind
)

select * from final
