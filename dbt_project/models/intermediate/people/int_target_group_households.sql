{{ config(materialized='incremental', meta={'slice_by': 'year_be'}) }}
{# Which groups the people of a household are in, once: profiles ask it of all years, and people are many. #}
select distinct
    year_be,
    household_key,
    target_group_id
from {{ ref('int_target_group_persons') }}
where household_key is not null and {{ is_new_slice('year_be') }}
