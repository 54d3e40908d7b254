{# What readers should know about economic projects, counted; wording: seed note_texts. #}
{%- set economic_project = "'economic_project'" -%}
with quarters as (
    select
        quarters.*,
        quarters.project_code <> 'not_stated' and quarters.project_agency_id is null as is_in_no_plan
    from {{ ref('int_economic_projects_by_quarter') }} as quarters
),

findings as (
    {{ finding(
        'economic_outputs_differ', economic_project, 'quarters', 'fiscal_year_be', where='has_several_units'
    ) }}
    union all
    {{ finding(
        'economic_project_unplanned', economic_project, 'quarters', 'fiscal_year_be', where='is_in_no_plan',
        figure='count(distinct project_code)'
    ) }}
)

select * from findings
