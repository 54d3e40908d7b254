{{ config(materialized='incremental', meta={'slice_by': 'year_be'}) }}
{# Where every accepted row of the lists of people went; what is in the marts is counted at the end of the way. #}
{%- set lists = {
    'vulnerable_person': ('int_vulnerable_persons_located', 'fiscal_year_be'),
    'unregistered_person': ('int_unregistered_persons_located', 'calendar_year_be'),
    'malaysia_returnee': ('int_malaysia_returnees_located', 'fiscal_year_be'),
    'graduate': ('int_graduates_located', 'academic_year_be')
} -%}
with persons as (
    select * from {{ ref('int_target_group_persons') }}
    where
        dataset_id in ('{{ lists | join("', '") }}')
        and {{ is_new_slice('year_be') }}
),

accounted as (
    select
        dataset_id,
        list_period as period,
        year_be,
        'in_marts' as destination,
        count(*) as accounted_rows
    from persons
    group by dataset_id, list_period, year_be
    {% for dataset, (model, year) in lists.items() %}
        union all
        select '{{ dataset }}', period, {{ year }}, destination, count(*)
        from {{ ref(model) }}
        where destination != 'in_marts' and {{ is_new_slice(year) }}
        group by period, {{ year }}, destination
    {% endfor %}
)

select
    dataset_id,
    period,
    year_be,
    destination,
    cast(accounted_rows as bigint) as accounted_rows
from accounted
