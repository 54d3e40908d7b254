{# A person is known by an identifier that may link records; anyone else by their own record, so nobody is dropped. #}
with raw_rows as (
    select * from {{ source('raw', 'household_member') }}
),

submissions as (
    select * from {{ ref('stg_ops__release_submissions') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        raw_rows.household_key,
        raw_rows.member_no,
        cast(submissions.period as integer) as survey_year_be,
        submissions.province_code,
        case when identifier_kinds.is_linkable then raw_rows.person_key end as linkable_person_key,
        raw_rows.person_key_kind,
        raw_rows.sex,
        raw_rows.relation,
        raw_rows.education_level,
        raw_rows.occupation,
        raw_rows._submission_id,
        raw_rows._sheet,
        raw_rows._row
    from raw_rows
    inner join submissions on raw_rows._submission_id = submissions.submission_id
    left join identifier_kinds on raw_rows.person_key_kind = identifier_kinds.kind
)

select * from final
