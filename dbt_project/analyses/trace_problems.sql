{# The row by which each problem is told of in a quarter, in every area that holds its place, by kind and in all. #}
select
    nested.area_code,
    states.fiscal_year_be,
    states.fiscal_quarter,
    told.problem_kind,
    states.problem_status,
    states.severity,
    states.affected_households,
    states.is_unsolved,
    states.is_listed,
    states.is_severe_unanswered,
    states.is_planned,
    states.planned_project_id,
    states.project_code,
    array['problem_no', 'problem_kind', 'severity', 'problem_status', 'project_code'] as _columns,
    states._submission_id,
    states._sheet,
    states._row
from {{ ref('int_problems_by_quarter') }} as states
inner join {{ ref('int_areas_nested') }} as nested on states.leaf_code = nested.leaf_code
cross join lateral (values (states.problem_kind), ('any')) as told (problem_kind)
