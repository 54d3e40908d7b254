{# Where every row of the population went; see int_rows_accounted. #}
with codes as (
    select distinct on (code)
        code,
        tambon_code
    from {{ ref('int_tambon_codes') }}
    order by code asc, is_retired asc
),

populations as (
    select
        stg.calendar_year_be,
        coalesce(codes.tambon_code, stg.tambon_code) as tambon_code
    from {{ ref('stg_registration_office__populations') }} as stg
    left join codes on stg.tambon_code = codes.code
),

located as (
    select
        located.calendar_year_be,
        areas.area_code is not null as is_placed
    from {{ ref('int_populations_located') }} as located
    left join {{ ref('int_areas_unioned') }} as areas on located.leaf_code = areas.area_code
),

accounted as (
    select
        calendar_year_be,
        'in_marts' as destination,
        count(*) as accounted_rows
    from located
    where is_placed
    group by calendar_year_be
    union all
    select calendar_year_be, 'place_unknown', count(*)
    from located
    where not is_placed
    group by calendar_year_be
    union all
    select calendar_year_be, 'tambon_listed_again', count(*) - count(distinct tambon_code)
    from populations
    group by calendar_year_be
)

select
    'population' as dataset_id,
    cast(calendar_year_be as text) as period,
    destination,
    cast(accounted_rows as bigint) as accounted_rows
from accounted
where accounted_rows > 0
