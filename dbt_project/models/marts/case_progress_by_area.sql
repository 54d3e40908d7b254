{%- set of_lists = [
    'assigned_households', 'unknown_assigned_households', 'several_officials_households',
    'visited_quarter_households', 'visited_year_households', 'never_visited_households', 'overdue_households',
    'survival_households', 'sufficient_households', 'sustainable_households', 'left_poverty_households',
    'fell_back_households', 'not_poor_households', 'listed_assignments'
] -%}
with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

cases as (
    select * from {{ ref('int_cases_by_area') }}
),

quarters as (
    select * from {{ ref('int_case_quarters') }}
),

rounds as (
    select
        province_code as area_code,
        fiscal_year_be
    from {{ ref('int_need_rounds_chosen') }}
    union
    select
        'SBP',
        fiscal_year_be
    from {{ ref('int_need_rounds_chosen') }}
),

-- Every tambon and above in every quarter, so that a silent one shows; villages where there is anybody. Before the
-- first list nobody knows who looks after whom, and without a survey nobody knows who is in need.
joined as (
    select
        areas.area_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        areas.area_level,
        areas.province_code,
        quarters.as_at_date,
        quarters.list_date,
        case when rounds.area_code is not null then coalesce(cases.target_poor_households, 0) end
            as target_poor_households,
        case
            when rounds.area_code is not null and quarters.list_date is not null
                then coalesce(cases.target_poor_with_official_households, 0)
        end as target_poor_with_official_households,
        {% for measure in of_lists %}
            case when quarters.list_date is not null then coalesce(cases.{{ measure }}, 0) end as {{ measure }},
        {% endfor %}
        coalesce(cases.visits, 0) as visits,
        coalesce(cases.unknown_household_visits, 0) as unknown_household_visits,
        coalesce(cases.unassigned_household_visits, 0) as unassigned_household_visits
    from areas
    cross join quarters
    left join cases
        on
            areas.area_code = cases.area_code
            and quarters.fiscal_year_be = cases.fiscal_year_be
            and quarters.fiscal_quarter = cases.fiscal_quarter
    left join rounds
        on
            coalesce(areas.province_code, 'SBP') = rounds.area_code
            and quarters.fiscal_year_be = rounds.fiscal_year_be
    where areas.area_level != 'village' or cases.area_code is not null
),

final as (
    select
        area_code,
        fiscal_year_be,
        fiscal_quarter,
        area_level,
        province_code,
        as_at_date,
        list_date,
        target_poor_households,
        target_poor_with_official_households,
        target_poor_households - target_poor_with_official_households as target_poor_without_official_households,
        {{ share_pct('target_poor_with_official_households', 'target_poor_households') }}
            as target_poor_with_official_households_pct,
        listed_assignments,
        assigned_households,
        unknown_assigned_households,
        several_officials_households,
        visited_quarter_households,
        {{ share_pct('visited_quarter_households', 'assigned_households') }} as visited_quarter_households_pct,
        visited_year_households,
        {{ share_pct('visited_year_households', 'assigned_households') }} as visited_year_households_pct,
        never_visited_households,
        overdue_households,
        {{ share_pct('overdue_households', 'assigned_households') }} as overdue_households_pct,
        survival_households,
        sufficient_households,
        sustainable_households,
        left_poverty_households,
        fell_back_households,
        not_poor_households,
        visits,
        unknown_household_visits,
        unassigned_household_visits
    from joined
)

select * from final
