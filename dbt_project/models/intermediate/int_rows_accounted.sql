{#
    Where every accepted row went: into the marts, or into an exclusion with a name (seed row_destinations). What is in
    the marts is counted at their end of the way and each exclusion by its own rule, so that a row lost on the way is
    missing from the sum; the gate compares it with the ledger. Each family of datasets has a model of its own.
#}
{%- set families = [
    'population',
    'survey',
    'welfare_card',
    'programmes',
    'cases',
    'people',
    'indicators',
    'society',
    'economy',
    'community',
    'places',
    'directives',
    'ita_score',
] -%}
{% for family in families %}
    select
        dataset_id,
        period,
        destination,
        accounted_rows
    from {{ ref('int_' ~ family ~ '_rows_accounted') }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
