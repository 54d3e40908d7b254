select
    target_group_id,
    group_order,
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
    is_provisional
from {{ ref('int_target_groups') }}
