{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{# One row per household and survey year: the submission received last wins where two parts list the same household. #}
with households as (
    select
        *,
        {{ last_received('survey_year_be, household_key') }} as rank_in_year,
        count(*) over (partition by survey_year_be, household_key) as times_listed
    from {{ ref('stg_community_development__households') }}
    where {{ is_new_slice('survey_year_be') }}
),

codes as (
    select * from {{ ref('int_tambon_codes') }}
),

villages as (
    select * from {{ ref('villages') }}
),

located as (
    select
        households.household_key,
        households.survey_year_be,
        {{ leaf_code('villages.village_code', 'codes.tambon_code', 'households.province_code') }} as leaf_code,
        households.member_persons,
        households.income_per_person_baht,
        households.times_listed,
        codes.tambon_code is not null as is_tambon_known,
        households._submission_id,
        households._sheet,
        households._row
    from households
    left join codes on households.tambon_code = codes.code
    left join villages
        on
            households.village_code = villages.village_code
            and codes.tambon_code = villages.tambon_code
    where households.rank_in_year = 1
),

areas as (
    select * from {{ ref('int_areas_unioned') }}
),

final as (
    select
        located.*,
        areas.province_code
    from located
    inner join areas on located.leaf_code = areas.area_code
)

select * from final
