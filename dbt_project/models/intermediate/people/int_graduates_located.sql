{{ config(materialized='incremental', meta={'slice_by': 'academic_year_be'}) }}
{# Every row of the yearly lists, with its person and place. Two levels finished in one academic year: one person. #}
with located as (
    {{ located_people('stg_education_office__graduates', 'academic_year_be') }}
)

select
    {{ located_columns('academic_year_be') }},
    level,
    field_of_study,
    current_status,
    help_received,
    current_status = 'seeking_work' as is_in_need,
    help_received != 'none' as is_helped,
    current_status = 'seeking_work' as is_seeking_work
from located
