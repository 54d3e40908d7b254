{# The two inputs of a build: which release, and the day its ages and obligations count up to. #}

{% macro release_id() -%}
    {{ var('release_id', 0) | int }}
{%- endmacro %}

{% macro as_of() -%}
    cast('{{ var("as_of", "2021-12-31") }}' as date)
{%- endmacro %}

{# Without them a build would quietly be one of nothing that looks right, so it stops before it begins. #}
{% macro check_release_is_named() %}
    {% for name in ['release_id', 'as_of'] if execute and var(name, none) is none %}
        {{ exceptions.raise_compiler_error(
            "The variable " ~ name ~ " is missing. Build through `chaidaen build`, or pass"
            ~ " --vars '{release_id: 1, as_of: \"2022-02-28\"}'."
        ) }}
    {% endfor %}
{% endmacro %}

{#
    The opening of every staging model: rows that this release's submissions hold of a dataset, as the agencies sent
    them, with who sent them (`_agency_id`, its `_province_code`, NULL for a regional one) and for which `_period`.
#}
{% macro submitted(dataset) -%}
    select
        raw_rows.*,
        submissions.agency_id as _agency_id,
        submissions.province_code as _province_code,
        submissions.period as _period
    from {{ source('raw', dataset) }} as raw_rows
    inner join {{ ref('stg_ops__release_submissions') }} as submissions
        on raw_rows._submission_id = submissions.submission_id
{%- endmacro %}
