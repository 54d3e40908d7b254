with listed as (
    select * from {{ ref('int_ita_scores_listed') }}
    where destination = 'in_marts'
),

agencies as (
    select * from {{ ref('agencies') }}
),

final as (
    select
        listed.fiscal_year_be,
        listed.agency_id,
        listed.assessed_code,
        agencies.name_th as agency_name_th,
        agencies.name_en as agency_name_en,
        listed.assessed_name,
        listed.assessed_agency_id,
        listed.iit_score,
        listed.eit_score,
        listed.oit_score,
        listed.score,
        listed.level
    from listed
    left join agencies on listed.agency_id = agencies.agency_id
)

select * from final
