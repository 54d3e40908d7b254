{{ config(materialized='incremental', meta={'slice_by': 'year_be'}) }}
{# For which groups and periods a province has sent anything: there nobody means zero, elsewhere it means unknown. #}
with lists as (
    select
        'vulnerable_person' as dataset_id,
        province_code,
        fiscal_year_be as year_be,
        true as has_register
    from {{ ref('int_vulnerable_persons_located') }}
    where {{ is_new_slice('fiscal_year_be') }}
    union
    select 'malaysia_returnee', province_code, fiscal_year_be, true
    from {{ ref('int_malaysia_returnees_located') }}
    where {{ is_new_slice('fiscal_year_be') }}
    union
    select 'graduate', province_code, academic_year_be, true
    from {{ ref('int_graduates_located') }}
    where {{ is_new_slice('academic_year_be') }}
    union
    select 'unregistered_person', province_code, calendar_year_be, true
    from {{ ref('int_unregistered_persons_located') }}
    where {{ is_new_slice('calendar_year_be') }}
    union
    select 'welfare_card', province_code, registration_round_be, true
    from {{ ref('int_welfare_cards_located') }}
    where {{ is_new_slice('registration_round_be') }}
    union
    select 'household_member', province_code, survey_year_be, has_register
    from {{ ref('int_survey_coverage') }}
    where has_members and has_scheme and {{ is_new_slice('survey_year_be') }}
),

by_group as (
    select
        target_groups.target_group_id,
        target_groups.period_kind,
        lists.year_be,
        lists.province_code
    from lists
    inner join {{ ref('int_target_groups') }} as target_groups
        on lists.dataset_id = target_groups.source_dataset_id
    where lists.has_register or target_groups.target_group_id != 'target_poor'
),

unioned as (
    select * from by_group
    union
    select 'any_group', period_kind, year_be, province_code
    from by_group
),

final as (
    select
        target_group_id,
        period_kind,
        cast(year_be as text) as period,
        year_be,
        province_code
    from unioned
)

select * from final
