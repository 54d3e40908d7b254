{%- set measures = [
    'problems', 'open_problems', 'being_solved_problems', 'solved_problems', 'cannot_be_solved_problems',
    'severe_problems', 'matched_problems', 'planned_problems', 'severe_unanswered_problems', 'unlisted_problems',
    'answering_projects'
] -%}
with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

quarters as (
    select * from {{ ref('int_problem_quarters') }}
),

kinds as (
    select * from {{ ref('problem_kinds') }}
),

problems as (
    select * from {{ ref('int_problems_by_area') }}
),

-- Every kind of every tambon and above, so that a silent one shows; villages where there is a problem. Before the first
-- list of a province nobody knows its problems.
final as (
    select
        areas.area_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        kinds.problem_kind,
        areas.area_level,
        areas.province_code,
        kinds.label_th as problem_kind_th,
        kinds.label_en as problem_kind_en,
        quarters.is_listed,
        {% for measure in measures %}
            coalesce(problems.{{ measure }}, case when quarters.is_known then 0 end) as {{ measure }},
        {% endfor %}
        case
            when problems.problems > 0 then problems.affected_households
            when quarters.is_known then 0
        end as affected_households
    from areas
    inner join quarters on coalesce(areas.province_code, 'SBP') = quarters.area_code
    cross join kinds
    left join problems
        on
            areas.area_code = problems.area_code
            and quarters.fiscal_year_be = problems.fiscal_year_be
            and quarters.fiscal_quarter = problems.fiscal_quarter
            and kinds.problem_kind = problems.problem_kind
    where areas.area_level <> 'village' or problems.area_code is not null
)

select * from final
