{# The scheme of poverty_by_area and the same one measured with weights find the same households poor. #}
select
    poverty.area_code,
    poverty.survey_year_be,
    poverty.any_poor_households,
    measures.poor_units
from {{ ref('poverty_by_area') }} as poverty
inner join {{ ref('poverty_measures_by_area') }} as measures
    on
        poverty.area_code = measures.area_code
        and poverty.survey_year_be = measures.survey_year_be
        and measures.scheme_id = '{{ var("poverty_scheme") }}'
where
    poverty.any_poor_households is distinct from measures.poor_units
    or poverty.surveyed_households is distinct from measures.measured_units
