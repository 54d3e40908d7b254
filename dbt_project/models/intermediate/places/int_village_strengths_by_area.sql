{# Villages assessed, added up in every area. #}
with villages as (
    select * from {{ ref('int_villages_scored') }}
),

nested as (
    select * from {{ ref('int_areas_nested') }}
)

select
    nested.area_code,
    villages.fiscal_year_be,
    villages.criterion_id,
    count(villages.score) as assessed_villages,
    count(*) - count(villages.score) as incomplete_villages,
    sum(villages.score) as score_total,
    count(*) filter (where villages.is_strong) as strong_villages,
    count(villages.score_year_before) as compared_villages,
    sum(villages.score - villages.score_year_before) as change_total
from villages
inner join nested on villages.village_code = nested.leaf_code
group by nested.area_code, villages.fiscal_year_be, villages.criterion_id
