{{ config(materialized='incremental', meta={'slice_by': 'fiscal_year_be'}) }}
{#
    Every row of the quarterly lists, with its person and place. Within a fiscal year a person counts once in a group,
    as the latest quarter says. A record without an identifier can't be known again in the next quarter's list, so of
    these only the latest list that speaks of the place counts.
#}
with located as (
    {{ located_people('stg_social_development__vulnerable_persons', 'fiscal_year_be') }}
),

ranked as (
    select
        *,
        {{ latest_row('fiscal_year_be, group_code') }} as rank_of_row,
        dense_rank() over (
            partition by fiscal_year_be, agency_id, tambon_code order by fiscal_quarter desc
        ) as rank_of_list
    from located
),

final as (
    select
        person_id,
        is_identified,
        household_key,
        leaf_code,
        group_code,
        main_need,
        second_need,
        care_status,
        care_kind,
        main_need != 'none' as is_in_need,
        care_status in ('received', 'continuing') as is_helped,
        agency_id,
        province_code,
        period,
        fiscal_year_be,
        case
            when leaf_code is null then 'place_unknown'
            when rank_of_row > 1 then 'listed_again'
            when rank_of_list > 1 and not is_identified then 'later_list_counts'
            else 'in_marts'
        end as destination,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
