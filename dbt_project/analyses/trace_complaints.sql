{# The latest report on each complaint, in every area that holds the place it is about, by category and in all. #}
select
    nested.area_code,
    judged.fiscal_year_be,
    judged.fiscal_quarter,
    told.category,
    judged.is_answered,
    judged.is_referred,
    judged.is_open,
    judged.is_overdue,
    judged.is_answered_in_time,
    judged.is_mobile,
    judged.days_to_answer,
    array['complaint_no', 'received_date', 'complaint_status', 'answered_date'] as _columns,
    judged._submission_id,
    judged._sheet,
    judged._row
from {{ ref('int_complaints_judged') }} as judged
inner join {{ ref('int_areas_nested') }} as nested on judged.leaf_code = nested.leaf_code
cross join lateral (values (judged.category), ('any')) as told (category)
