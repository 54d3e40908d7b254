{# What readers of the marts of people should know; see int_release_findings. #}
with outcomes as (
    select
        'unregistered_person' as dataset_id,
        outcome
    from {{ ref('int_person_identifiers') }}
),

unidentified as (
    select distinct
        dataset_id,
        list_period,
        person_id
    from {{ ref('int_target_group_persons') }}
    where
        not is_identified
        and dataset_id in ('vulnerable_person', 'malaysia_returnee', 'graduate', 'unregistered_person')
)

{{ finding(
    'numbers_unclear', 'dataset_id', 'outcomes', 'cast(null as text)', where="outcome != 'followed'"
) }}
union all
{{ finding('people_unidentified', 'dataset_id', 'unidentified', 'list_period') }}
