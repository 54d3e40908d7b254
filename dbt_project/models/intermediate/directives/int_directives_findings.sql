{# What readers should know about directives; see int_release_findings. #}
{%- set directives = "'directive'" -%}
with directives as (
    select * from {{ ref('int_directives_followed') }}
),

reports as (
    select * from {{ ref('int_directives_reported') }}
)

{{ finding('directives_silent', directives, 'directives', 'last_meeting', where='is_silent') }}
union all
{{ finding(
    'directive_before_its_meeting', directives, 'reports', 'reported_meeting', where='reported_meeting < origin_meeting'
) }}
union all
{{ finding(
    'directive_without_owner', directives, 'directives', 'last_reported_meeting',
    where='coalesce(owner_agency_id, owner_name) is null'
) }}
