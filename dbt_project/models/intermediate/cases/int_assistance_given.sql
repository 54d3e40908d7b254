{#
    Every help reported, with whom it reached. The household is the one it names, if a survey knows it, else the one in
    which the latest survey lists the person. The same row in two files of an agency and month counts once, as received
    last; two like rows of one file are two helps.
#}
with given as (
    select
        assistance.*,
        {{ person_key('assistance.linkable_person_key') }} as person_key,
        row_number() over (
            partition by
                assistance.agency_id, assistance.period, assistance._submission_id, assistance.household_key,
                assistance.linkable_person_key, assistance.assistance_kind, assistance.given_date,
                assistance.amount_baht
            order by assistance._sheet, assistance._row
        ) as times_in_file
    from {{ ref('stg_agencies__assistance') }} as assistance
    left join {{ ref('int_person_identifiers') }} as identifiers
        on assistance.linkable_person_key = identifiers.linkable_person_key
),

counted as (
    select
        *,
        household_key is not null or person_key is not null as is_recipient_named,
        row_number() over (
            partition by
                agency_id, period, household_key, person_key, assistance_kind, given_date, amount_baht, times_in_file
            order by _submission_id desc
        ) as rank_of_file
    from given
),

people_named as (
    select distinct cast(person_key as text) as person_id
    from given
    where person_key is not null
),

people_surveyed as (
    select
        linked.person_id,
        linked.household_key,
        row_number() over (
            partition by linked.person_id
            order by linked.survey_year_be desc, linked._submission_id desc, linked.household_key asc
        ) as rank_of_listing
    from {{ ref('int_persons_linked') }} as linked
    inner join people_named on linked.person_id = people_named.person_id
),

found as (
    select
        counted.*,
        cast(counted.person_key as text) as person_id,
        case
            when named.household_key is not null then 'household'
            when listing.household_key is not null then 'person'
            else 'nobody'
        end as found_through,
        coalesce(named.household_key, listing.household_key, counted.household_key) as helped_household_key
    from counted
    left join {{ ref('int_households_latest') }} as named on counted.household_key = named.household_key
    left join people_surveyed as listing
        on cast(counted.person_key as text) = listing.person_id and listing.rank_of_listing = 1
),

identified as (
    select
        *,
        coalesce(
            cast(helped_household_key as text),
            person_id,
            'record-assistance-' || cast(_submission_id as text) || '-' || _sheet || '-' || cast(_row as text)
        ) as recipient_id
    from found
),

final as (
    select
        identified.fiscal_year_be,
        identified.fiscal_quarter,
        identified.month_first_date,
        identified.period,
        identified.agency_id,
        identified.province_code as sender_province_code,
        identified.recipient_kind,
        identified.recipient_id,
        identified.helped_household_key as household_key,
        identified.person_id,
        identified.found_through,
        identified.found_through != 'nobody' as is_recipient_known,
        {{ leaf_of_named('identified', 'identified.recipient_id') }} as leaf_code,
        identified.assistance_kind,
        identified.amount_baht,
        identified.given_date,
        identified.money_source,
        case
            when identified.is_recipient_named and identified.rank_of_file > 1 then 'listed_again'
            else 'in_marts'
        end as destination,
        identified._submission_id,
        identified._sheet,
        identified._row
    from identified
    left join {{ ref('int_households_latest') }} as latest on identified.helped_household_key = latest.household_key
    left join {{ ref('int_tambon_codes') }} as codes on identified.tambon_code = codes.code
)

select * from final
