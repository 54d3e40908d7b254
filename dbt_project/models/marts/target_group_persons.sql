{#
    One row for each person and group for whom somebody is in charge. Keys only: no name, number or birth date. Where a
    person is on several lists of one group and period (two provinces), the row received last speaks.
#}
with listed as (
    select persons.*
    from {{ ref('int_target_group_persons') }} as persons
    inner join {{ ref('int_target_groups') }} as target_groups
        on persons.target_group_id = target_groups.target_group_id
    where target_groups.is_listed_by_person and {{ is_new_slice('persons.year_be') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by target_group_id, period_kind, period, person_id
            order by list_period desc, _submission_id desc, _sheet asc, _row asc, household_key asc, leaf_code asc
        ) as rank_of_row
    from listed
),

-- In the codes of the contracts, as texts without a list of their own may name people.
details as (
    select
        main_need as need,
        second_need,
        care_status as status,
        care_kind as help,
        cast(null as text) as background,
        _submission_id,
        _sheet,
        _row
    from {{ ref('int_vulnerable_persons_located') }}
    where {{ is_new_slice('fiscal_year_be') }}
    union all
    select wants, null, placement, null, occupation_there, _submission_id, _sheet, _row
    from {{ ref('int_malaysia_returnees_located') }}
    where {{ is_new_slice('fiscal_year_be') }}
    union all
    select null, null, current_status, help_received, level, _submission_id, _sheet, _row
    from {{ ref('int_graduates_located') }}
    where {{ is_new_slice('academic_year_be') }}
    union all
    select null, null, proof_stage, null, document_kind, _submission_id, _sheet, _row
    from {{ ref('int_unregistered_persons_located') }}
    where {{ is_new_slice('calendar_year_be') }}
),

areas as (
    select * from {{ ref('int_areas_unioned') }}
),

final as (
    select
        ranked.person_id,
        ranked.target_group_id,
        ranked.period_kind,
        ranked.period,
        areas.province_code,
        case
            when areas.is_remainder then coalesce(areas.tambon_code, areas.province_code)
            else areas.area_code
        end as area_code,
        cast(ranked.household_key as text) as household_key,
        ranked.list_period,
        ranked.is_identified,
        ranked.is_surveyed,
        ranked.is_from_poor_household,
        ranked.is_target_poor,
        ranked.is_card_validated,
        ranked.is_in_need,
        ranked.is_helped,
        ranked.is_seeking_work,
        details.need,
        details.second_need,
        details.status,
        details.help,
        details.background
    from ranked
    left join details
        on
            ranked._submission_id = details._submission_id
            and ranked._sheet = details._sheet
            and ranked._row = details._row
    left join areas on ranked.leaf_code = areas.area_code
    where ranked.rank_of_row = 1
)

select * from final
