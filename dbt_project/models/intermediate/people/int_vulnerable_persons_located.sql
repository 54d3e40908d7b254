{{ config(materialized='incremental', meta={'slice_by': 'fiscal_year_be'}) }}
{#
    Every row of the quarterly lists, with its person and place. Within a fiscal year a person counts once in a group,
    as the latest quarter says. A record without an identifier can't be known again in the next quarter's list, so of
    these only the latest list that speaks of the place counts.
#}
with located as (
    {{ located_people(
        'stg_social_development__vulnerable_persons', 'fiscal_year_be', once_in='fiscal_year_be, group_code'
    ) }}
),

ranked as (
    select
        *,
        dense_rank() over (
            partition by fiscal_year_be, agency_id, tambon_code order by fiscal_quarter desc
        ) as rank_of_list
    from located
)

select
    {{ located_columns('fiscal_year_be', given_way='rank_of_list > 1 and not is_identified') }},
    group_code,
    main_need,
    second_need,
    care_status,
    care_kind,
    main_need != 'none' as is_in_need,
    care_status in ('received', 'continuing') as is_helped
from ranked
