{# The state of the cases by the agency the official belongs to, in each province and the region. #}
with nested as (
    select nested.*
    from {{ ref('int_areas_nested') }} as nested
    inner join {{ ref('int_areas_unioned') }} as areas on nested.area_code = areas.area_code
    where areas.area_level in ('province', 'region')
),

cases as (
    select * from {{ ref('int_case_households') }}
),

final as (
    select
        cases.official_agency,
        nested.area_code,
        cases.fiscal_year_be,
        cases.fiscal_quarter,
        count(distinct cases.official_key) as officials,
        count(*) filter (where cases.is_target_poor) as target_poor_households,
        {{ counts_of_cases() }}
    from cases
    inner join nested on cases.leaf_code = nested.leaf_code
    group by cases.official_agency, nested.area_code, cases.fiscal_year_be, cases.fiscal_quarter
)

select * from final
