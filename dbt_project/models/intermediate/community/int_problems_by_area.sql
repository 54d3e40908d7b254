{#
    Problems by area, quarter and kind (`any`: all of them), added up from where they lie. Projects are counted anew for
    every area: one may answer problems of several tambon.
#}
{%- set measures = [
    'problems', 'open_problems', 'being_solved_problems', 'solved_problems', 'cannot_be_solved_problems',
    'severe_problems', 'matched_problems', 'planned_problems', 'severe_unanswered_problems', 'unlisted_problems',
    'affected_households'
] -%}
with states as (
    select * from {{ ref('int_problems_by_quarter') }}
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

by_leaf as (
    select
        leaf_code,
        fiscal_year_be,
        fiscal_quarter,
        problem_kind,
        count(*) as problems,
        count(*) filter (where problem_status = 'open') as open_problems,
        count(*) filter (where problem_status = 'being_solved') as being_solved_problems,
        count(*) filter (where problem_status = 'solved') as solved_problems,
        count(*) filter (where problem_status = 'cannot_be_solved_here') as cannot_be_solved_problems,
        count(*) filter (where severity = 'severe') as severe_problems,
        count(*) filter (where project_code is not null) as matched_problems,
        count(*) filter (where is_planned) as planned_problems,
        count(*) filter (where is_severe_unanswered) as severe_unanswered_problems,
        count(*) filter (where not is_listed and is_unsolved) as unlisted_problems,
        sum(affected_households) as affected_households
    from states
    group by leaf_code, fiscal_year_be, fiscal_quarter, problem_kind
),

projects_by_leaf as (
    select distinct
        leaf_code,
        fiscal_year_be,
        fiscal_quarter,
        problem_kind,
        planned_project_id
    from states
    where is_planned
),

added_up as (
    select
        nested.area_code,
        by_leaf.fiscal_year_be,
        by_leaf.fiscal_quarter,
        {% for measure in measures %}
            cast(sum(by_leaf.{{ measure }}) as bigint) as {{ measure }},
        {% endfor %}
        told.problem_kind
    from by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    cross join lateral (values (by_leaf.problem_kind), ('any')) as told (problem_kind)
    group by nested.area_code, by_leaf.fiscal_year_be, by_leaf.fiscal_quarter, told.problem_kind
),

projects as (
    select
        nested.area_code,
        by_leaf.fiscal_year_be,
        by_leaf.fiscal_quarter,
        told.problem_kind,
        count(distinct by_leaf.planned_project_id) as answering_projects
    from projects_by_leaf as by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    cross join lateral (values (by_leaf.problem_kind), ('any')) as told (problem_kind)
    group by nested.area_code, by_leaf.fiscal_year_be, by_leaf.fiscal_quarter, told.problem_kind
),

final as (
    select
        added_up.*,
        coalesce(projects.answering_projects, 0) as answering_projects
    from added_up
    left join projects
        on
            added_up.area_code = projects.area_code
            and added_up.fiscal_year_be = projects.fiscal_year_be
            and added_up.fiscal_quarter = projects.fiscal_quarter
            and added_up.problem_kind = projects.problem_kind
)

select * from final
