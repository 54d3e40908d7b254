{# What readers of the marts of people should know; see int_release_findings. #}
with outcomes as (
    select
        'unregistered_person' as dataset_id,
        outcome
    from {{ ref('int_person_identifiers') }}
),

unidentified as (
    select
        target_groups.source_dataset_id as dataset_id,
        figures.period,
        figures.unidentified_persons
    from {{ ref('int_target_groups_by_area') }} as figures
    inner join {{ ref('int_target_groups') }} as target_groups
        on figures.target_group_id = target_groups.target_group_id
    where
        figures.area_code = 'SBP'
        and figures.target_group_id in ('vulnerable', 'malaysia_returnee', 'graduate', 'unregistered')
)

{{ finding(
    'numbers_unclear', 'dataset_id', 'outcomes', 'cast(null as text)', where="outcome != 'followed'"
) }}
union all
{{ finding(
    'people_unidentified', 'dataset_id', 'unidentified', 'period', figure='cast(sum(unidentified_persons) as bigint)'
) }}
