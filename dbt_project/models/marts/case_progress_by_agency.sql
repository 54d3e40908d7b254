with cases as (
    select * from {{ ref('int_cases_by_agency') }}
),

final as (
    select
        cases.official_agency,
        cases.area_code,
        cases.fiscal_year_be,
        cases.fiscal_quarter,
        areas.area_level,
        areas.province_code,
        agencies.agency_id,
        quarters.as_at_date,
        cases.officials,
        cases.target_poor_households,
        cases.assigned_households,
        cases.unknown_assigned_households,
        cases.several_officials_households,
        cases.visited_quarter_households,
        {{ share_pct('cases.visited_quarter_households', 'cases.assigned_households') }}
            as visited_quarter_households_pct,
        cases.visited_year_households,
        cases.never_visited_households,
        cases.overdue_households,
        {{ share_pct('cases.overdue_households', 'cases.assigned_households') }} as overdue_households_pct,
        cases.survival_households,
        cases.sufficient_households,
        cases.sustainable_households,
        cases.left_poverty_households,
        cases.fell_back_households,
        cases.not_poor_households
    from cases
    inner join {{ ref('int_areas_unioned') }} as areas on cases.area_code = areas.area_code
    inner join {{ ref('int_case_quarters') }} as quarters
        on cases.fiscal_year_be = quarters.fiscal_year_be and cases.fiscal_quarter = quarters.fiscal_quarter
    left join {{ ref('agencies') }} as agencies
        on
            cases.official_agency = agencies.agency_kind
            and areas.province_code is not distinct from agencies.province_code
)

select * from final
