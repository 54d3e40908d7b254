{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    Who is whom. Records with the same linkable identifier are one person, also when one of them bears an earlier
    number; any other record is a person of its own. Links found without an identifier will enter here, and nowhere else.
    A person listed twice in one household is one member of it; a member number listed twice is taken as received last.
#}
with members as (
    select
        *,
        {{ last_received('survey_year_be, household_key, member_no') }} as rank_of_member
    from {{ ref('stg_community_development__household_members') }}
    where {{ is_new_slice('survey_year_be') }}
),

identified as (
    select
        members.*,
        {{ person_key('members.linkable_person_key') }} as person_key,
        {{ person_id(person_key('members.linkable_person_key'), ['members.household_key', 'members.member_no']) }}
            as person_id
    from members
    left join {{ ref('int_person_identifiers') }} as identifiers
        on members.linkable_person_key = identifiers.linkable_person_key
    where members.rank_of_member = 1
),

ranked as (
    select
        *,
        row_number() over (partition by survey_year_be, household_key, person_id order by member_no) as rank_of_person
    from identified
),

final as (
    select
        person_id,
        survey_year_be,
        household_key,
        member_no,
        linkable_person_key,
        person_key,
        linkable_person_key is not null as is_identified,
        province_code as sender_province_code,
        _submission_id,
        _sheet,
        _row
    from ranked
    where rank_of_person = 1
)

select * from final
