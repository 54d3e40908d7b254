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

{#
    The opening of every staging model: rows that this release's submissions hold of a dataset, as the agencies sent
    them, with who sent them (`_agency_id`, its `_province_code`, NULL for a regional one) and for which `_period`.

    The database may look at a condition before the join, so at submissions of every dataset: the period of another one
    is NULL there, or reading a year out of a month's name would stop the build.
#}
{% macro submitted(dataset) -%}
    select
        raw_rows.*,
        submissions.agency_id as _agency_id,
        submissions.province_code as _province_code,
        case when submissions.dataset_id = '{{ dataset }}' then submissions.period end as _period
    from {{ source('raw', dataset) }} as raw_rows
    inner join {{ ref('stg_ops__release_submissions') }} as submissions
        on raw_rows._submission_id = submissions.submission_id
{%- endmacro %}
