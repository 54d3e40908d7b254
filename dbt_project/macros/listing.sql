{# What models of lists have in common: which of several rows for one thing counts, and where every row went. #}

{#
    Every row of a list and whether it counts: of rows for one thing, which the columns `once` name, the one received
    last is `in_marts`, the others are `listed_again`.
#}
{% macro listed_once(staging, once) -%}
    select
        stg.*,
        case when {{ last_received(once) }} = 1 then 'in_marts' else 'listed_again' end as destination
    from {{ ref(staging) }} as stg
{%- endmacro %}

{#
    Where the rows of a dataset went, to be added up in int_rows_accounted. `listed`: its model of listed_once, or any
    with `period` and `destination`. `in_marts`: the model at the end of the way, with `period` and one row for each row
    that counts; without it the mart reads `listed` itself.
#}
{% macro rows_accounted(dataset, listed, in_marts=none) -%}
    select
        '{{ dataset }}' as dataset_id,
        period,
        'in_marts' as destination,
        count(*) as accounted_rows
    from {{ ref(in_marts or listed) }}
    {%- if not in_marts %}
    where destination = 'in_marts'
    {%- endif %}
    group by period
    union all
    {{ rows_left_out(dataset, listed) }}
{%- endmacro %}

{# Of these, the ones that are in no mart. #}
{% macro rows_left_out(dataset, listed) -%}
    select
        '{{ dataset }}' as dataset_id,
        period,
        destination,
        count(*) as accounted_rows
    from {{ ref(listed) }}
    where destination != 'in_marts'
    group by period, destination
{%- endmacro %}
