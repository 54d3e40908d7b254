{# The two inputs of a build. A missing one stops it: a build of no release would be an empty one that looks right. #}

{% macro release_id() -%}
    {{ _required('release_id', '0') | int }}
{%- endmacro %}

{% macro as_of() -%}
    cast('{{ _required("as_of", "2021-12-31") }}' as date)
{%- endmacro %}

{% macro _required(name, while_parsing) -%}
    {%- if not execute -%}
        {{ while_parsing }}
    {%- elif var(name, none) is none -%}
        {{ exceptions.raise_compiler_error(
            "The variable " ~ name ~ " is missing. Build through `chaidaen build`, or pass"
            ~ " --vars '{release_id: 1, as_of: \"2022-02-28\"}'."
        ) }}
    {%- else -%}
        {{ var(name) }}
    {%- endif -%}
{%- endmacro %}
