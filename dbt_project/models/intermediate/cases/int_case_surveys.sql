{#
    What the surveys say of a household since somebody looks after it. It left poverty when it was poor in the survey
    it began with (the latest up to the year its first official took over, else the first one) and is not in the latest
    one; it fell back when it is poor in the latest one and was not in one before it, since it began.
#}
with assigned as (
    select * from {{ ref('int_assignments_active') }}
),

surveys as (
    select
        assigned.fiscal_year_be,
        assigned.fiscal_quarter,
        assigned.household_key,
        households.survey_year_be,
        households.is_any_poor,
        coalesce(
            max(households.survey_year_be) filter (
                where households.survey_year_be <= extract(year from assigned.first_start_date) + 543
            ) over by_case,
            min(households.survey_year_be) over by_case
        ) as first_survey_year_be,
        max(households.survey_year_be) over by_case as last_survey_year_be
    from assigned
    inner join {{ ref('int_households_classified') }} as households
        on
            assigned.household_key = households.household_key
            and assigned.fiscal_year_be >= households.survey_year_be
    where households.is_any_poor is not null
    window by_case as (partition by assigned.fiscal_year_be, assigned.fiscal_quarter, assigned.household_key)
),

judged as (
    select
        fiscal_year_be,
        fiscal_quarter,
        household_key,
        max(last_survey_year_be) as last_survey_year_be,
        bool_or(is_any_poor and survey_year_be = first_survey_year_be) as was_poor_at_first,
        bool_or(not is_any_poor and survey_year_be < last_survey_year_be) as was_not_poor_before,
        bool_or(is_any_poor and survey_year_be = last_survey_year_be) as is_poor_at_last
    from surveys
    where survey_year_be >= first_survey_year_be
    group by fiscal_year_be, fiscal_quarter, household_key
),

final as (
    select
        fiscal_year_be,
        fiscal_quarter,
        household_key,
        last_survey_year_be,
        is_poor_at_last,
        was_poor_at_first and not is_poor_at_last as has_left_poverty,
        is_poor_at_last and coalesce(was_not_poor_before, false) as has_fallen_back
    from judged
)

select * from final
