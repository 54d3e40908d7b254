{# Every visit reported, with its place; one visit in two files counts as received last. #}
with listed as (
    select
        *,
        {{ last_received('household_key, visit_date, visit_no') }} as rank_of_visit
    from {{ ref('stg_sbpac__household_visits') }}
),

latest as (
    select * from {{ ref('int_households_latest') }}
),

codes as (
    select * from {{ ref('int_tambon_codes') }}
),

final as (
    select
        listed.household_key,
        listed.visit_no,
        listed.visit_date,
        listed.official_key,
        listed.visit_outcome,
        listed.has_health_problem,
        listed.has_living_problem,
        listed.has_education_problem,
        listed.has_income_problem,
        listed.has_access_problem,
        listed.help_planned,
        listed.living_stage,
        listed.is_not_poor,
        listed.next_visit_date,
        listed.fiscal_year_be,
        listed.fiscal_quarter,
        listed.period,
        latest.household_key is not null as is_household_known,
        {{ leaf_of_named('listed', 'listed.household_key') }} as leaf_code,
        case when listed.rank_of_visit > 1 then 'listed_again' else 'in_marts' end as destination,
        listed._submission_id,
        listed._sheet,
        listed._row
    from listed
    left join latest on listed.household_key = latest.household_key
    left join codes on listed.tambon_code = codes.code
)

select * from final
