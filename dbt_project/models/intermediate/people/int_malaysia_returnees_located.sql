{{ config(materialized='incremental', meta={
    'slice_by': 'fiscal_year_be', 'slices_read': {'stg_employment_office__malaysia_returnees': 'until'}
}) }}
{#
    Every row of the monthly lists, with its person and place. Whoever came back twice in a fiscal year is one person, as
    at the later return. The months October to December belong to the fiscal year that bears the next number.
#}
with located as (
    {{ located_people('stg_employment_office__malaysia_returnees', 'fiscal_year_be') }}
)

select
    {{ located_columns('fiscal_year_be') }},
    crossing_point,
    occupation_there,
    skills,
    wants,
    placement,
    wants in ('work', 'training', 'own_business', 'study') as is_in_need,
    placement in ('placed', 'in_training') as is_helped,
    wants = 'work' and coalesce(placement, 'not_placed') != 'placed' as is_seeking_work
from located
