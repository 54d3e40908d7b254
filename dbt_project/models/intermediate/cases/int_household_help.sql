{#
    Help that reached a household, in words a case worker reads at a glance: in the newest fiscal year and before.
    That year is the newest of which cases are told.
#}
with newest as (
    select max(fiscal_year_be) as fiscal_year_be from {{ ref('int_case_quarters') }}
),

given as (
    select
        given.*,
        agencies.agency_kind,
        given.fiscal_year_be = newest.fiscal_year_be as is_in_year
    from {{ ref('int_assistance_given') }} as given
    cross join newest
    left join {{ ref('agencies') }} as agencies on given.agency_id = agencies.agency_id
    where given.destination = 'in_marts' and given.household_key is not null
),

kinds as (
    select
        household_key,
        assistance_kind,
        count(*) as helps,
        count(*) filter (where is_in_year) as helps_in_year
    from given
    group by household_key, assistance_kind
),

kinds_told as (
    select
        household_key,
        string_agg(assistance_kind || ': ' || helps, '; ' order by assistance_kind) as help_by_kind,
        string_agg(assistance_kind || ': ' || helps_in_year, '; ' order by assistance_kind)
        filter (where helps_in_year > 0) as help_by_kind_in_year
    from kinds
    group by household_key
),

duplicates as (
    select
        household_key,
        count(*) as duplicate_help_cases,
        string_agg(
            period || ' ' || assistance_kind || ' (' || agencies || ')', '; ' order by period, assistance_kind
        ) as duplicate_help
    from {{ ref('int_assistance_duplicates') }}
    group by household_key
),

helped as (
    select
        household_key,
        bool_or(is_recipient_known) as is_household_known,
        min(leaf_code) as leaf_code,
        count(*) as helps,
        count(*) filter (where is_in_year) as helps_in_year,
        sum(amount_baht) filter (where is_in_year) as amount_in_year_baht,
        max(given_date) as last_help_date,
        string_agg(distinct agency_id, ', ') filter (where is_in_year) as help_agencies_in_year
    from given
    group by household_key
),

final as (
    select
        helped.household_key,
        helped.is_household_known,
        helped.leaf_code,
        helped.helps,
        helped.helps_in_year,
        helped.amount_in_year_baht,
        helped.last_help_date,
        helped.help_agencies_in_year,
        kinds_told.help_by_kind,
        kinds_told.help_by_kind_in_year,
        coalesce(duplicates.duplicate_help_cases, 0) as duplicate_help_cases,
        duplicates.duplicate_help
    from helped
    inner join kinds_told on helped.household_key = kinds_told.household_key
    left join duplicates on helped.household_key = duplicates.household_key
)

select * from final
