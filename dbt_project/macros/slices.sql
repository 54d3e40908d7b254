{#
    A heavy model is kept in slices, one a year: `meta: {slice_by: <column>}`, the year that the period of
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

{# Written out, so that the database knows before it reads which partitions, and which submissions, it needs not read. #}
{% macro _is_not_built(slice_by) -%}
    {{ slice_by }} <> all('{{ "{" }}{{ _built_slices() | join(",") }}{{ "}" }}')
{%- endmacro %}

{% macro _built_slices() %}
    {% set found = run_query(
        "select slice from ops.built_slices where unique_id = '" ~ model.unique_id ~ "' order by slice"
    ) %}
    {{ return(found.columns[0].values() | list) }}
{% endmacro %}

{#
    Beside a join on years that are only found while it runs: an array of them is known before the rows are read, and the
    partitions of other years are left out. `years` is a CTE with a column of the same name.
#}
{% macro is_among(column, years) -%}
    {{ column }} = any(array(select {{ column.split('.') | last }} from {{ years }}))
{%- endmacro %}

{#
    The strategy `slices`: what is built anew is taken out and put in. A slice that is left without rows is taken out
    too. Of a mart rows are deleted; an intermediate table is partitioned by its slices, and the partition is dropped:
    no dead row is left for others to read, and who reads one year reads one partition.
#}
{% macro get_incremental_slices_sql(arg_dict) %}
    {% set target, temp = arg_dict['target_relation'], arg_dict['temp_relation'] %}
    {% set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) %}
    {% if _is_partitioned() %}
    {{ _drop_partitions(target) }}
    {{ _create_partitions(target, temp) }}
    {% else %}
    delete from {{ target }} where {{ _is_not_built(config.get('meta')['slice_by']) }};
    {% endif %}
    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ temp }}
{% endmacro %}

{# Marts are not: what they promise (their contract, their keys) the database keeps for a table as a whole. #}
{% macro _is_partitioned() %}
    {{ return(
        config.get('materialized') == 'incremental' and config.get('meta', {}).get('slice_by')
        and not config.get('contract').enforced
    ) }}
{% endmacro %}

{# In place of dbt's own, which knows no partitions. #}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- if temporary or not _is_partitioned() -%}
    {{ dbt.postgres__create_table_as(temporary, relation, sql) }}
    {%- else -%}
    {%- set temp = make_temp_relation(relation) -%}
    create temporary table {{ temp }} on commit drop as (
    {{ sql }}
    );
    create table {{ relation }} (like {{ temp }}) partition by list ({{ config.get('meta')['slice_by'] }});
    {{ _create_partitions(relation, temp) }}
    insert into {{ relation }} select * from {{ temp }};
    {%- endif -%}
{%- endmacro %}

{# Named after the very table, which may stand beside the one it replaces. #}
{% macro _create_partitions(relation, temp) %}
    do $do$
    declare
        slice text;
    begin
        for slice in select distinct cast({{ config.get('meta')['slice_by'] }} as text) from {{ temp }} loop
            execute format(
                'create table %I.%I partition of %I.%I for values in (%L)',
                '{{ relation.schema }}',
                concat_ws('__', left('{{ relation.identifier }}', 40), slice, cast('{{ relation }}' as regclass)::oid),
                '{{ relation.schema }}', '{{ relation.identifier }}', slice
            );
        end loop;
    end $do$;
{% endmacro %}

{# Those of slices that do not stand; rows without a year are nobody's slice. #}
{% macro _drop_partitions(relation) %}
    {% set bound = "btrim(substring(pg_get_expr(part.relpartbound, part.oid) from '[(](.*)[)]'), '''')" %}
    {% set kept = _built_slices() + ['NULL'] %}
    {{ _for_partitions(relation, bound ~ " not in ('" ~ kept | join("', '") ~ "')", 'drop table') }}
{% endmacro %}

{#
    A table just made has no statistics, and the next model would be planned blindly. Of one in partitions those that are
    new have none, and the whole has old ones; before PostgreSQL 18 the whole can't be looked at without all its parts.
#}
{% macro analyze_built() %}
    {% if not _is_partitioned() %}{{ return('analyze ' ~ this) }}{% endif %}
    do $do$
    begin
        execute case
            when cast(current_setting('server_version_num') as integer) < 180000 then 'analyze '
            else 'analyze only '
        end || '{{ this }}';
    end $do$;
    {{ _for_partitions(this, 'part.reltuples < 0', 'analyze') }}
{% endmacro %}

{% macro _for_partitions(relation, condition, command) %}
    do $do$
    declare
        partition regclass;
    begin
        for partition in
            select part.oid
            from pg_inherits
            inner join pg_class as part on pg_inherits.inhrelid = part.oid
            where pg_inherits.inhparent = cast('{{ relation }}' as regclass) and {{ condition }}
        loop
            execute '{{ command }} ' || partition;
        end loop;
    end $do$;
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
