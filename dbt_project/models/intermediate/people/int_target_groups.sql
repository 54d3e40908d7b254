{# All groups the centre works for: the vulnerable ones come from a list of their own, so that it alone is edited. #}
with groups as (
    select * from {{ ref('target_groups_listed') }}
),

vulnerable as (
    select * from groups
    where target_group_id = 'vulnerable'
),

final as (
    select
        target_group_id,
        cast(group_order as integer) as group_order,
        parent_group_id,
        source_dataset_id,
        period_kind,
        label_th,
        label_en,
        definition_th,
        definition_en,
        has_needs,
        has_help,
        has_work,
        is_listed_by_person,
        is_provisional
    from groups
    union all
    select
        'vulnerable_' || groups_of_people.group_code,
        vulnerable.group_order + groups_of_people.group_order,
        vulnerable.target_group_id,
        vulnerable.source_dataset_id,
        vulnerable.period_kind,
        groups_of_people.label_th,
        groups_of_people.label_en,
        'ผู้อยู่ในกลุ่มเปราะบาง “' || groups_of_people.label_th || '” ในไตรมาสใดของปีงบประมาณ',
        'People of the vulnerable group “' || groups_of_people.label_en || '” in any quarter of the fiscal year',
        vulnerable.has_needs,
        vulnerable.has_help,
        vulnerable.has_work,
        true,
        groups_of_people.is_provisional
    from {{ ref('vulnerable_groups') }} as groups_of_people
    cross join vulnerable
)

select * from final
