{{ config(materialized='incremental', meta={'slice_by': 'calendar_year_be'}) }}
{# Counted at tambon and added up, with the total DOPA itself published where there is one to compare with. #}
with populations as (
    select * from {{ ref('int_populations_located') }}
    where {{ is_new_slice('calendar_year_be') }}
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

published as (
    select * from {{ ref('published_population') }}
),

summed as (
    select
        nested.area_code,
        populations.calendar_year_be,
        cast(sum(populations.male_persons) as bigint) as male_persons,
        cast(sum(populations.female_persons) as bigint) as female_persons,
        cast(sum(populations.total_persons) as bigint) as total_persons,
        cast(sum(populations.houses) as bigint) as houses,
        count(distinct populations.tambon_code) as tambon_with_figures,
        bool_or(populations.data_status = 'provisional') as has_provisional
    from populations
    inner join nested on populations.leaf_code = nested.leaf_code
    group by nested.area_code, populations.calendar_year_be
),

final as (
    select
        summed.*,
        published.total_persons as published_persons,
        published.houses as published_houses
    from summed
    left join published
        on
            summed.area_code = published.province_code
            and summed.calendar_year_be = published.calendar_year_be
)

select * from final
