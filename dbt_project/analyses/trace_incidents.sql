{#
    The row of each figure of incidents, in every area that holds its tambon, by kind and in all: under its own year
    (`is_current`), and once more under the year after, which is compared with it.
#}
select
    nested.area_code,
    years.fiscal_year_be,
    placed.fiscal_quarter,
    told.incident_kind,
    years.is_current,
    placed.incidents,
    placed.hurt_persons,
    placed.killed_persons,
    array['tambon_code', 'incident_kind', 'incidents'] as _columns,
    placed._submission_id,
    placed._sheet,
    placed._row
from {{ ref('int_incidents_placed') }} as placed
inner join {{ ref('int_areas_nested') }} as nested on placed.leaf_code = nested.leaf_code
cross join lateral (values (placed.incident_kind), ('any')) as told (incident_kind)
cross join
    lateral (
        values (placed.fiscal_year_be, true), (placed.fiscal_year_be + 1, false)
    ) as years (fiscal_year_be, is_current)
where placed.destination = 'in_marts'
