with raw_rows as (
    select * from {{ source('raw', 'welfare_card') }}
),

submissions as (
    select * from {{ ref('stg_ops__release_submissions') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        case when identifier_kinds.is_linkable then raw_rows.person_key end as linkable_person_key,
        raw_rows.person_key_kind,
        cast(submissions.period as integer) as registration_round_be,
        submissions.agency_id,
        submissions.province_code,
        raw_rows.validation_status = 'validated' as is_validated,
        raw_rows.registered_date,
        raw_rows._submission_id,
        raw_rows._sheet,
        raw_rows._row
    from raw_rows
    inner join submissions on raw_rows._submission_id = submissions.submission_id
    left join identifier_kinds on raw_rows.person_key_kind = identifier_kinds.kind
)

select * from final
