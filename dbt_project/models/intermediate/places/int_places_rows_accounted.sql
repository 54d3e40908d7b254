{# Where the rows of programme areas and assessments went; what is in the marts is counted where the marts read. #}
with accounted as (
    select
        'programme_area' as dataset_id,
        period,
        'in_marts' as destination,
        count(*) as accounted_rows
    from {{ ref('int_programme_areas_listed') }}
    group by period
    union all
    select 'programme_area', period, destination, count(*)
    from {{ ref('int_programme_areas_placed') }}
    where destination != 'in_marts'
    group by period, destination
    union all
    select 'village_assessment', cast(fiscal_year_be as text), 'in_marts', cast(sum(assessed_villages) as bigint)
    from {{ ref('int_village_strengths_by_area') }}
    where area_code = 'SBP' and criterion_id != 'overall'
    group by fiscal_year_be
    union all
    select 'village_assessment', period, destination, count(*)
    from {{ ref('int_village_scores_placed') }}
    where destination != 'in_marts'
    group by period, destination
)

select * from accounted
