{{ config(materialized='incremental', meta={
    'slice_by': 'fiscal_year_be', 'slices_read': {'stg_employment_office__malaysia_returnees': 'until'}
}) }}
{#
    Every row of the monthly lists, with its person and place. Whoever came back twice in a fiscal year is one person, as
    at the later return. The months October to December belong to the fiscal year that bears the next number.
#}
with located as (
    {{ located_people('stg_employment_office__malaysia_returnees', 'fiscal_year_be') }}
),

ranked as (
    select
        *,
        {{ latest_row('fiscal_year_be') }} as rank_of_row
    from located
),

final as (
    select
        person_id,
        is_identified,
        household_key,
        leaf_code,
        crossing_point,
        occupation_there,
        skills,
        wants,
        placement,
        wants in ('work', 'training', 'own_business', 'study') as is_in_need,
        placement in ('placed', 'in_training') as is_helped,
        wants = 'work' and coalesce(placement, 'not_placed') != 'placed' as is_seeking_work,
        agency_id,
        province_code,
        period,
        fiscal_year_be,
        case
            when leaf_code is null then 'place_unknown'
            when rank_of_row > 1 then 'listed_again'
            else 'in_marts'
        end as destination,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
