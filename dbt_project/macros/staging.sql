{# What staging models have in common: how each opens, how it closes, and the time that stands in its period. #}

{#
    The opening of every staging model: rows that this release's submissions hold of a dataset, as the agencies sent
    them, with who sent them (`_agency_id`, its `_province_code`, NULL for a regional one) and for which `_period`.
    `identifiers`: columns with the key of a person, such as person_key; each comes a second time as
    linkable_person_key, which is NULL where the kind of the identifier may not link records.

    The database may look at a condition before the join, so at submissions of every dataset: the period of another one
    is NULL there, or reading a year out of a month's name would stop the build.
#}
{% macro submitted(dataset, identifiers=[]) -%}
    select
        raw_rows.*,
        {%- for key in identifiers %}
        case when kinds_of_{{ key }}.is_linkable then raw_rows.{{ key }} end as {{ _linkable(key) }},
        {%- endfor %}
        submissions.agency_id as _agency_id,
        submissions.province_code as _province_code,
        case when submissions.dataset_id = '{{ dataset }}' then submissions.period end as _period
    from {{ source('raw', dataset) }} as raw_rows
    inner join {{ ref('stg_ops__release_submissions') }} as submissions
        on raw_rows._submission_id = submissions.submission_id
    {%- for key in identifiers %}
    left join {{ ref('identifier_kinds') }} as kinds_of_{{ key }}
        on raw_rows.{{ key }}_kind = kinds_of_{{ key }}.kind
    {%- endfor %}
{%- endmacro %}

{# earlier_person_key -> earlier_linkable_person_key #}
{% macro _linkable(key) -%}
    {{ key | replace('person_key', 'linkable_person_key') }}
{%- endmacro %}

{# The closing: who sent the row for which period, and where it stands in the file. #}
{% macro sent_columns() -%}
    _agency_id as agency_id,
    _province_code as province_code,
    _period as period,
    _submission_id,
    _sheet,
    _row
{%- endmacro %}

{# Of a monthly dataset: the month's first day, and the fiscal year and quarter it lies in. #}
{% macro month_columns(month='month_first_date') -%}
    {%- set day = month_first_date('_period') -%}
    {{ day }} as {{ month }},
    {{ fiscal_year_be(day) }} as fiscal_year_be,
    {{ fiscal_quarter(day) }} as fiscal_quarter
{%- endmacro %}

{# Of a quarterly dataset, whose period is written 2564-Q2. #}
{% macro quarter_columns() -%}
    cast(left(_period, 4) as integer) as fiscal_year_be,
    cast(right(_period, 1) as integer) as fiscal_quarter
{%- endmacro %}
