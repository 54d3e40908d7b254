{#
    The state of the cases by area and fiscal quarter, counted where the households live and added up. Needs are those
    of the fiscal year, officials and visits those of the quarter.
#}
{%- set of_needs = ['target_poor_households', 'target_poor_with_official_households'] -%}
{%- set of_lists = ['listed_assignments'] -%}
{%- set of_cases = [
    'assigned_households', 'unknown_assigned_households', 'several_officials_households',
    'visited_quarter_households', 'visited_year_households', 'never_visited_households', 'overdue_households',
    'survival_households', 'sufficient_households', 'sustainable_households', 'left_poverty_households',
    'fell_back_households', 'not_poor_households'
] -%}
{%- set of_visits = ['visits', 'unknown_household_visits', 'unassigned_household_visits'] -%}
{%- set measures = of_needs + of_lists + of_cases + of_visits -%}
with cases as (
    select * from {{ ref('int_case_households') }}
),

needs_by_leaf as (
    select
        needs.leaf_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        count(*) as target_poor_households,
        count(cases.household_key) as target_poor_with_official_households
    from {{ ref('int_households_in_need') }} as needs
    inner join {{ ref('int_case_quarters') }} as quarters on needs.fiscal_year_be = quarters.fiscal_year_be
    left join cases
        on
            needs.household_key = cases.household_key
            and quarters.fiscal_year_be = cases.fiscal_year_be
            and quarters.fiscal_quarter = cases.fiscal_quarter
    group by needs.leaf_code, quarters.fiscal_year_be, quarters.fiscal_quarter
),

lists_by_leaf as (
    select
        leaf_code,
        fiscal_year_be,
        fiscal_quarter,
        count(*) as listed_assignments
    from {{ ref('int_assignments_judged') }}
    group by leaf_code, fiscal_year_be, fiscal_quarter
),

cases_by_leaf as (
    select
        leaf_code,
        fiscal_year_be,
        fiscal_quarter,
        {{ counts_of_cases() }}
    from cases
    group by leaf_code, fiscal_year_be, fiscal_quarter
),

visits_by_leaf as (
    select
        visits.leaf_code,
        visits.fiscal_year_be,
        visits.fiscal_quarter,
        count(*) as visits,
        count(*) filter (where not visits.is_household_known) as unknown_household_visits,
        count(*) filter (where cases.household_key is null) as unassigned_household_visits
    from {{ ref('int_visits_listed') }} as visits
    left join cases
        on
            visits.household_key = cases.household_key
            and visits.fiscal_year_be = cases.fiscal_year_be
            and visits.fiscal_quarter = cases.fiscal_quarter
    where visits.destination = 'in_marts'
    group by visits.leaf_code, visits.fiscal_year_be, visits.fiscal_quarter
),

by_leaf as (
    {{ told_of('needs_by_leaf', of_needs, measures) }}
    union all
    {{ told_of('lists_by_leaf', of_lists, measures) }}
    union all
    {{ told_of('cases_by_leaf', of_cases, measures) }}
    union all
    {{ told_of('visits_by_leaf', of_visits, measures) }}
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

final as (
    select
        nested.area_code,
        by_leaf.fiscal_year_be,
        {% for measure in measures %}
            cast(sum(by_leaf.{{ measure }}) as bigint) as {{ measure }},
        {% endfor %}
        by_leaf.fiscal_quarter
    from by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    group by nested.area_code, by_leaf.fiscal_year_be, by_leaf.fiscal_quarter
)

select * from final
