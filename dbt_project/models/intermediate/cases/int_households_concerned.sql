{#
    Households that concern a case worker: in need, looked after, visited or helped. A table of its own, so that what is
    joined to it is planned by how many they are.
#}
with newest as (
    {{ newest_quarter() }}
),

cases as (
    {{ cases_of_newest_quarter() }}
),

named as (
    select
        needs.household_key,
        needs.leaf_code
    from {{ ref('int_households_in_need') }} as needs
    inner join newest on needs.fiscal_year_be = newest.fiscal_year_be
    union all
    select
        household_key,
        leaf_code
    from cases
    union all
    select
        household_key,
        leaf_code
    from {{ ref('int_visits_listed') }}
    where destination = 'in_marts'
    union all
    select
        household_key,
        leaf_code
    from {{ ref('int_household_help') }}
)

select
    household_key,
    min(leaf_code) as leaf_code
from named
group by household_key
