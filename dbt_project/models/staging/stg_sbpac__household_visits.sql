{# A visit belongs to the month it is reported for: a mistyped day moves no visit into another year. #}
with submitted as (
    {{ submitted('household_visit') }}
),

final as (
    select
        household_key,
        visit_no,
        visit_date,
        official_key,
        tambon_code,
        visit_outcome,
        has_health_problem,
        has_living_problem,
        has_education_problem,
        has_income_problem,
        has_access_problem,
        nullif(concat_ws(', ', help_planned_1, help_planned_2, help_planned_3), '') as help_planned,
        living_stage,
        is_not_poor,
        next_visit_date,
        {{ month_first_date('_period') }} as month_first_date,
        {{ fiscal_year_be(month_first_date('_period')) }} as fiscal_year_be,
        {{ fiscal_quarter(month_first_date('_period')) }} as fiscal_quarter,
        _period as period,
        _agency_id as agency_id,
        _province_code as province_code,
        _submission_id,
        _sheet,
        _row
    from submitted
)

select * from final
