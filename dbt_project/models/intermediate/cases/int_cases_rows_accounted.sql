{#
    Where every row of the cases went. What is in the marts is counted at the end of the way: lists and help from the
    models the marts read, visits after the joins that place them.
#}
with region as (
    select leaf_code from {{ ref('int_areas_nested') }}
    where area_code = 'SBP'
),

lists_in_marts as (
    select
        quarters.list_date,
        by_area.listed_assignments,
        row_number() over (partition by quarters.list_date order by quarters.first_date) as rank_of_quarter
    from {{ ref('int_case_quarters') }} as quarters
    inner join {{ ref('int_cases_by_area') }} as by_area
        on
            quarters.fiscal_year_be = by_area.fiscal_year_be
            and quarters.fiscal_quarter = by_area.fiscal_quarter
    where by_area.area_code = 'SBP'
),

accounted as (
    select
        'household_assignment' as dataset_id,
        cast(extract(year from list_date) + 543 as text) || to_char(list_date, '-MM-DD') as period,
        'in_marts' as destination,
        listed_assignments as accounted_rows
    from lists_in_marts
    where rank_of_quarter = 1
    union all
    {{ rows_left_out('household_assignment', 'int_assignments_listed') }}
    union all
    select 'household_visit', visits.period, 'in_marts', count(*)
    from {{ ref('int_visits_listed') }} as visits
    inner join region on visits.leaf_code = region.leaf_code
    inner join {{ ref('int_case_quarters') }} as quarters
        on visits.fiscal_year_be = quarters.fiscal_year_be and visits.fiscal_quarter = quarters.fiscal_quarter
    where visits.destination = 'in_marts'
    group by visits.period
    union all
    {{ rows_left_out('household_visit', 'int_visits_listed') }}
    union all
    select 'assistance', given.period, 'in_marts', count(*)
    from {{ ref('int_assistance_given') }} as given
    inner join region on given.leaf_code = region.leaf_code
    where given.destination = 'in_marts'
    group by given.period
    union all
    {{ rows_left_out('assistance', 'int_assistance_given') }}
)

select
    dataset_id,
    period,
    destination,
    cast(accounted_rows as bigint) as accounted_rows
from accounted
where accounted_rows > 0
