{#
    One thing that readers should know, a row for each dataset, area and period it is found in: how many rows of `among`
    meet `where`, or another `figure` (and what it is `compared_with`). All but the code are SQL expressions over `among`.
#}
{% macro finding(
    note_code, dataset, among, period,
    area='cast(null as text)', where='true', figure='count(*)', compared_with='cast(null as bigint)'
) -%}
    select
        '{{ note_code }}' as note_code,
        {{ dataset }} as dataset_id,
        {{ area }} as area_code,
        cast({{ period }} as text) as period,
        {{ figure }} as figure,
        {{ compared_with }} as compared_with
    from {{ among }}
    where {{ where }}
    group by 2, 3, 4
{%- endmacro %}
