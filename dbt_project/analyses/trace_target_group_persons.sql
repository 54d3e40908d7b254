{#
    The row of a list, register or survey by which a person is in a group, in every area that holds the place, and in the
    groups that hold the group. What is said of a person over several rows is said beside each of them.
#}
{%- set person = 'area_code, target_group_id, period_kind, period, person_id' -%}
with persons as (
    select * from {{ ref('int_target_group_persons') }}
),

members as (
    select * from {{ ref('int_persons_linked') }}
),

cells as (
    select
        dataset_id,
        columns
    from (
        values
        ('vulnerable_person', array['person_id', 'group_code', 'main_need', 'care_status']),
        ('malaysia_returnee', array['person_id', 'return_date', 'wants', 'placement']),
        ('graduate', array['person_id', 'level', 'current_status', 'help_received']),
        ('unregistered_person', array['person_id', 'earlier_person_id', 'proof_stage']),
        ('household_member', array['house_code', 'member_no', 'person_id']),
        ('welfare_card', array['person_id', 'validation_status'])
    ) as listed (dataset_id, columns)
),

placed as (
    select
        nested.area_code,
        containing.target_group_id,
        persons.period_kind,
        persons.period,
        persons.person_id,
        persons.is_identified,
        persons.is_surveyed,
        persons.is_from_poor_household,
        persons.is_target_poor,
        persons.is_card_registered,
        persons.is_card_validated,
        persons.is_in_need,
        persons.is_helped,
        persons.is_seeking_work,
        cells.columns as _columns,
        coalesce(persons._submission_id, members._submission_id) as _submission_id,
        coalesce(persons._sheet, members._sheet) as _sheet,
        coalesce(persons._row, members._row) as _row
    from persons
    {{ containing_groups('persons') }}
    inner join {{ ref('int_areas_nested') }} as nested on persons.leaf_code = nested.leaf_code
    inner join cells on persons.dataset_id = cells.dataset_id
    left join members
        on
            persons.dataset_id = 'household_member'
            and persons.household_key = members.household_key
            and persons.year_be = members.survey_year_be
            and persons.person_id = members.person_id
)

select
    *,
    bool_or(is_in_need and not is_helped) over (partition by {{ person }})
    and bool_or(is_helped) over (partition by {{ person }}) is not true as is_in_need_unhelped
from placed
