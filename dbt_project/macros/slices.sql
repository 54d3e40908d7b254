{#
    A heavy model is kept in slices, one a year: `meta: {slice_by: <SQL over its columns>}`, the year that the period of
    the row's submission begins with. ops.built_slices lists the slices that stand (publication/standing.py); every other
    one is deleted and built anew. In a table made from nothing, in unit tests and in traces, every slice is new.
#}
{% macro is_new_slice(slice_by) -%}
    {%- if execute and this and is_incremental() -%}{# a unit test has no table #}
        {{ _is_not_built(slice_by) }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# As an array, which is read once; the database takes such a condition down to the submissions, `not in` it does not. #}
{% macro _is_not_built(slice_by) -%}
    cast({{ slice_by }} as text) <> all(
        array(select built.slice from ops.built_slices as built where built.unique_id = '{{ model.unique_id }}')
    )
{%- endmacro %}

{# The strategy `slices`: what dbt's own delete+insert does, and a slice that is left without rows is deleted too. #}
{% macro get_incremental_slices_sql(arg_dict) %}
    {% set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) %}
    delete from {{ arg_dict['target_relation'] }} where {{ _is_not_built(config.get('meta')['slice_by']) }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{% endmacro %}

{#
    What a generic test looks at: of a model with slices those that have not passed it yet, if it judges rows by
    themselves or within a slice.
#}
{% macro get_where_subquery(relation) -%}
    {%- set slice_by = _slice_by_of_tested() -%}
    {%- if not slice_by -%}{{ return(default__get_where_subquery(relation)) }}{%- endif -%}
    {%- set slices -%}
        (select * from {{ relation }} where {{ _is_not_built(slice_by) }}) as new_slices
    {%- endset -%}
    {{ return(slices) }}
{%- endmacro %}

{% macro _slice_by_of_tested() %}
    {% if not execute or not model.attached_node %}{{ return(none) }}{% endif %}
    {% set slice_by = graph.nodes[model.attached_node].config.meta.get('slice_by') %}
    {% set judged = model.test_metadata.kwargs %}
    {% set within = judged.get('columns', []) + [judged.get('year_column')] %}
    {% set row_by_row = model.test_metadata.name in ['not_null', 'accepted_values', 'relationships'] %}
    {% if slice_by and (row_by_row or slice_by in within or '_submission_id' in within) %}
        {{ return(slice_by) }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}
