{# Help belongs to the month it is reported for: a mistyped day moves no help into another year. #}
with submitted as (
    {{ submitted('assistance') }}
),

identifier_kinds as (
    select * from {{ ref('identifier_kinds') }}
),

final as (
    select
        submitted.recipient_kind,
        submitted.household_key,
        case when identifier_kinds.is_linkable then submitted.person_key end as linkable_person_key,
        submitted.person_key_kind,
        submitted.tambon_code,
        submitted.assistance_kind,
        submitted.amount_baht,
        submitted.given_date,
        submitted.money_source,
        {{ month_first_date('submitted._period') }} as month_first_date,
        {{ fiscal_year_be(month_first_date('submitted._period')) }} as fiscal_year_be,
        {{ fiscal_quarter(month_first_date('submitted._period')) }} as fiscal_quarter,
        submitted._period as period,
        submitted._agency_id as agency_id,
        submitted._province_code as province_code,
        submitted._submission_id,
        submitted._sheet,
        submitted._row
    from submitted
    left join identifier_kinds on submitted.person_key_kind = identifier_kinds.kind
)

select * from final
