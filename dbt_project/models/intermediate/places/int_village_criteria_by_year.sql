{#
    Criteria in use and their weights, for every fiscal year somebody sent scores of. `weighting` names the whole set, so
    that overall scores of two years compare only where it is the same.
#}
with years as (
    select distinct fiscal_year_be
    from {{ ref('stg_district_office__village_scores') }}
),

in_force as (
    select distinct on (years.fiscal_year_be, criteria.criterion_id)
        years.fiscal_year_be,
        criteria.*
    from years
    inner join {{ ref('village_criteria') }} as criteria
        on years.fiscal_year_be >= criteria.from_fiscal_year_be
    order by years.fiscal_year_be asc, criteria.criterion_id asc, criteria.from_fiscal_year_be desc
),

weightings as (
    select
        fiscal_year_be,
        string_agg(criterion_id || ' ' || cast(weight as text), ', ' order by criterion_id) as weighting
    from in_force
    where weight > 0
    group by fiscal_year_be
)

select
    in_force.fiscal_year_be,
    in_force.criterion_id,
    in_force.weight,
    in_force.is_provisional,
    weightings.weighting
from in_force
inner join weightings on in_force.fiscal_year_be = weightings.fiscal_year_be
where in_force.weight > 0
