{# Where every accepted row of the lists of people went; what is in the marts is counted at the end of the way. #}
{%- set lists = {
    'vulnerable_person': 'int_vulnerable_persons_located',
    'unregistered_person': 'int_unregistered_persons_located',
    'malaysia_returnee': 'int_malaysia_returnees_located',
    'graduate': 'int_graduates_located'
} -%}
with persons as (
    select * from {{ ref('int_target_group_persons') }}
    where dataset_id in ('{{ lists | join("', '") }}')
),

accounted as (
    select
        dataset_id,
        list_period as period,
        'in_marts' as destination,
        count(*) as accounted_rows
    from persons
    group by dataset_id, list_period
    {% for dataset, model in lists.items() %}
        union all
        select '{{ dataset }}', period, destination, count(*)
        from {{ ref(model) }}
        where destination != 'in_marts'
        group by period, destination
    {% endfor %}
)

select
    dataset_id,
    period,
    destination,
    cast(accounted_rows as bigint) as accounted_rows
from accounted
