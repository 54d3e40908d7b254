{{ config(materialized='incremental', meta={'slice_by': 'calendar_year_be'}) }}
{# Every row of the yearly lists, with its person and place. Whoever got a status in the year is still on its list. #}
with located as (
    {{ located_people('stg_registration_office__unregistered_persons', 'calendar_year_be') }}
),

ranked as (
    select
        *,
        {{ latest_row('calendar_year_be') }} as rank_of_row
    from located
),

final as (
    select
        person_id,
        is_identified,
        household_key,
        leaf_code,
        document_kind,
        proof_stage,
        proof_stage != 'granted' as is_in_need,
        agency_id,
        province_code,
        period,
        calendar_year_be,
        case
            when leaf_code is null then 'place_unknown'
            when rank_of_row > 1 then 'listed_again'
            else 'in_marts'
        end as destination,
        _submission_id,
        _sheet,
        _row
    from ranked
)

select * from final
