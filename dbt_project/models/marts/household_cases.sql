{# Households somebody looks after in the newest quarter, as their official needs them; unknown ones included. #}
with cases as (
    {{ cases_of_newest_quarter() }}
),

others as (
    select
        given.household_key,
        given.fiscal_year_be,
        cases.fiscal_quarter,
        count(*) as helps_by_others_in_year
    from {{ ref('int_assistance_given') }} as given
    inner join cases on given.household_key = cases.household_key and given.fiscal_year_be = cases.fiscal_year_be
    left join {{ ref('agencies') }} as agencies on given.agency_id = agencies.agency_id
    where given.destination = 'in_marts' and agencies.agency_kind is distinct from cases.official_agency
    group by given.household_key, given.fiscal_year_be, cases.fiscal_quarter
),

final as (
    select
        cast(cases.household_key as text) as household_key,
        cast(cases.official_key as text) as official_key,
        cases.official_agency,
        areas.province_code,
        areas.amphoe_code,
        areas.tambon_code,
        cases.leaf_code as place_code,
        cases.as_at_date,
        cases.start_date,
        cases.active_officials,
        cases.is_household_known,
        cases.is_target_poor,
        {% for dimension in ['health', 'living', 'education', 'income', 'access'] %}
            needs.has_{{ dimension }}_problem,
            latest.is_{{ dimension }}_poor,
        {% endfor %}
        latest.survey_year_be,
        cases.visits,
        cases.last_visit_date,
        cases.last_visit_outcome,
        cases.next_visit_date,
        cases.is_overdue,
        cases.living_stage,
        cases.is_not_poor,
        cases.has_left_poverty,
        cases.has_fallen_back,
        needs.help_planned,
        coalesce(help.helps_in_year, 0) as helps_in_year,
        coalesce(others.helps_by_others_in_year, 0) as helps_by_others_in_year,
        help.help_by_kind_in_year,
        help.help_agencies_in_year,
        cast(coalesce(help.amount_in_year_baht, 0) as numeric(16, 2)) as amount_in_year_baht,
        help.last_help_date,
        coalesce(help.duplicate_help_cases, 0) as duplicate_help_cases
    from cases
    inner join {{ ref('int_areas_unioned') }} as areas on cases.leaf_code = areas.area_code
    left join {{ ref('int_households_latest') }} as latest on cases.household_key = latest.household_key
    left join {{ ref('int_case_needs') }} as needs on cases.household_key = needs.household_key
    left join {{ ref('int_household_help') }} as help on cases.household_key = help.household_key
    left join others on cases.household_key = others.household_key
)

select * from final
