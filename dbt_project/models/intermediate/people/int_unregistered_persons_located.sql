{{ config(materialized='incremental', meta={'slice_by': 'calendar_year_be'}) }}
{# Every row of the yearly lists, with its person and place. Whoever got a status in the year is still on its list. #}
with located as (
    {{ located_people('stg_registration_office__unregistered_persons', 'calendar_year_be') }}
)

select
    {{ located_columns('calendar_year_be') }},
    document_kind,
    proof_stage,
    proof_stage != 'granted' as is_in_need
from located
