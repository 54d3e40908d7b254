{# Every score sent and whether it counts; of a village and criterion scored twice in a year, the row received last. #}
with placed as (
    {{ placed_rows(
        'stg_district_office__village_scores', once='fiscal_year_be, place_village_code, criterion_id', levels=['village']
    ) }}
),

final as (
    select
        placed.place_code as village_code,
        placed.fiscal_year_be,
        placed.criterion_id,
        placed.score,
        placed.period,
        case
            when placed.place_level != 'village' then 'place_unknown'
            when placed.rank_of_row > 1 then 'listed_again'
            when criteria.criterion_id is null then 'criterion_not_in_use'
            when placed.score is null then 'not_assessed'
            else 'in_marts'
        end as destination,
        placed._submission_id,
        placed._sheet,
        placed._row
    from placed
    left join {{ ref('int_village_criteria_by_year') }} as criteria
        on placed.fiscal_year_be = criteria.fiscal_year_be and placed.criterion_id = criteria.criterion_id
)

select * from final
