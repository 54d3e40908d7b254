{#
    The two inputs of a build, in the one row of ops.building: which release, and the day its ages and obligations count
    up to. As a row and not as variables, so that views stay as they are and dbt need not parse the project anew.
#}

{% macro release_id() -%}
    (select release_id from ops.building)
{%- endmacro %}

{# A model that uses it says in its meta which facts of the calendar change it (publication/calendar_facts.py). #}
{% macro as_of() -%}
    (select as_of from ops.building)
{%- endmacro %}

{# Without them a build would quietly be one of nothing that looks right, so it stops before it begins. #}
{% macro check_release_is_named() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% set named = run_query('select release_id, as_of from ops.building')[0] %}
    {% if named[0] is none or named[1] is none %}
        {{ exceptions.raise_compiler_error(
            "No release is named to be built. Build through `chaidaen build`, or name one:"
            ~ " update ops.building set release_id = 1, as_of = '2022-02-28'."
        ) }}
    {% endif %}
{% endmacro %}
