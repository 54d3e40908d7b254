{{ config(materialized='incremental', meta={'slice_by': 'calendar_year_be'}) }}
{# One row per tambon and year: a current code before a retired one, then the submission received last. #}
with populations as (
    select * from {{ ref('stg_registration_office__populations') }}
    where {{ is_new_slice('calendar_year_be') }}
),

codes as (
    select * from {{ ref('int_tambon_codes') }}
),

located as (
    select
        populations.calendar_year_be,
        {{ leaf_code('null', 'codes.tambon_code', 'populations.province_code') }} as leaf_code,
        codes.tambon_code,
        populations.data_status,
        populations.male_persons,
        populations.female_persons,
        populations.total_persons,
        populations.houses,
        populations._submission_id,
        populations._sheet,
        populations._row,
        row_number() over (
            partition by populations.calendar_year_be, coalesce(codes.tambon_code, populations.tambon_code)
            order by
                codes.is_retired asc, populations._submission_id desc, populations._sheet asc, populations._row asc
        ) as rank_in_tambon
    from populations
    left join codes on populations.tambon_code = codes.code
)

select
    calendar_year_be,
    leaf_code,
    tambon_code,
    data_status,
    male_persons,
    female_persons,
    total_persons,
    houses,
    _submission_id,
    _sheet,
    _row
from located
where rank_in_tambon = 1
