{# Every row of the list that counts in a quarter, in every area that holds its household. #}
select
    nested.area_code,
    judged.fiscal_year_be,
    judged.fiscal_quarter,
    array['house_code', 'official_id', 'assignment_status'] as _columns,
    judged._submission_id,
    judged._sheet,
    judged._row
from {{ ref('int_assignments_judged') }} as judged
inner join {{ ref('int_areas_nested') }} as nested on judged.leaf_code = nested.leaf_code
