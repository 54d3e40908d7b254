{# The row of each figure of incidents under the year after, with which it is compared. #}
select
    nested.area_code,
    placed.fiscal_year_be + 1 as fiscal_year_be,
    placed.fiscal_quarter,
    told.incident_kind,
    placed.incidents,
    array['tambon_code', 'incident_kind', 'incidents'] as _columns,
    placed._submission_id,
    placed._sheet,
    placed._row
from {{ ref('int_incidents_placed') }} as placed
inner join {{ ref('int_areas_nested') }} as nested on placed.leaf_code = nested.leaf_code
cross join lateral (values (placed.incident_kind), ('any')) as told (incident_kind)
where placed.destination = 'in_marts'
