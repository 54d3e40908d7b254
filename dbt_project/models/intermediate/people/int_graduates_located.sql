{{ config(materialized='incremental', meta={'slice_by': 'academic_year_be'}) }}
{# Every row of the yearly lists, with its person and place. Two levels finished in one academic year: one person. #}
with located as (
    {{ located_people('stg_education_office__graduates', 'academic_year_be') }}
),

ranked as (
    select
        *,
        {{ latest_row('academic_year_be') }} as rank_of_row
    from located
),

final as (
    select
        person_id,
        is_identified,
        household_key,
        leaf_code,
        level,
        field_of_study,
        current_status,
        help_received,
        current_status = 'seeking_work' as is_in_need,
        help_received != 'none' as is_helped,
        current_status = 'seeking_work' as is_seeking_work,
        agency_id,
        province_code,
        period,
        academic_year_be,
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
