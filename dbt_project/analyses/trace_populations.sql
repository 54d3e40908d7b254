{# The row of a file that a tambon's population comes from, in every area that holds the tambon. #}
select
    nested.area_code,
    populations.calendar_year_be as survey_year_be,
    populations.total_persons,
    array['total_persons'] as _columns,
    populations._submission_id,
    populations._sheet,
    populations._row
from {{ ref('int_populations_located') }} as populations
inner join {{ ref('int_areas_nested') }} as nested on populations.leaf_code = nested.leaf_code
