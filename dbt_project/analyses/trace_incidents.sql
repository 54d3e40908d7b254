{# The row of each figure of incidents, in every area that holds its tambon, by kind and in all. #}
select
    nested.area_code,
    placed.fiscal_year_be,
    placed.fiscal_quarter,
    told.incident_kind,
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
where placed.destination = 'in_marts'
