{# What readers should know about programme areas and assessments of villages; see int_release_findings. #}
{%- set areas = "'programme_area'" -%}
{%- set villages = "'village_assessment'" -%}
with placed as (
    select * from {{ ref('int_programme_areas_placed') }}
),

listed as (
    select * from {{ ref('int_programme_areas_listed') }}
),

scores as (
    select * from {{ ref('int_village_scores_placed') }}
),

region as (
    select
        fiscal_year_be,
        incomplete_villages,
        assessed_villages + incomplete_villages as villages
    from {{ ref('int_village_strengths_by_area') }}
    where area_code = 'SBP' and criterion_id = 'overall'
),

criteria as (
    select * from {{ ref('int_village_criteria_by_year') }}
)

{{ finding('area_place_unknown', areas, 'placed', 'fiscal_year_be', where="destination = 'place_unknown'") }}
union all
{{ finding('area_joined_later', areas, 'listed', 'fiscal_year_be', where='joined_fiscal_year_be > fiscal_year_be') }}
union all
{{ finding('village_place_unknown', villages, 'scores', 'fiscal_year_be', where="destination = 'place_unknown'") }}
union all
{{ finding(
    'villages_incomplete', villages, 'region', 'fiscal_year_be',
    figure='max(incomplete_villages)', compared_with='max(villages)'
) }}
union all
{{ finding('village_weights_provisional', villages, 'criteria', 'fiscal_year_be', where='is_provisional') }}
