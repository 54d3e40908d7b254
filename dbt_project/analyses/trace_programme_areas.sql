{# The row of a list by which an area is in a programme. #}
select
    fiscal_year_be,
    programme_id,
    place_code as area_code,
    community_name,
    years_in_programme,
    array['programme', 'area_kind', 'tambon_code', 'village_code', 'community_name'] as _columns,
    _submission_id,
    _sheet,
    _row
from {{ ref('int_programme_areas_listed') }}
