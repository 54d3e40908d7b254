{# The row of each help that reached a household. #}
with running as (
    select max(fiscal_year_be) as fiscal_year_be from {{ ref('int_case_quarters') }}
),

cases as (
    select
        household_key,
        official_agency,
        row_number() over (partition by household_key order by as_at_date desc) as rank_of_quarter
    from {{ ref('int_case_households') }}
)

select
    cast(given.household_key as text) as household_key,
    given.assistance_kind,
    given.month_first_date,
    given.amount_baht,
    given.fiscal_year_be = running.fiscal_year_be as is_in_year,
    coalesce(agencies.agency_kind != cases.official_agency, true) as is_by_others,
    duplicates.household_key is not null as is_duplicate,
    array['house_code', 'person_id', 'assistance_kind'] as _columns,
    given._submission_id,
    given._sheet,
    given._row
from {{ ref('int_assistance_given') }} as given
cross join running
left join {{ ref('agencies') }} as agencies on given.agency_id = agencies.agency_id
left join cases on given.household_key = cases.household_key and cases.rank_of_quarter = 1
left join {{ ref('int_assistance_duplicates') }} as duplicates
    on
        given.household_key = duplicates.household_key
        and given.assistance_kind = duplicates.assistance_kind
        and given.month_first_date = duplicates.month_first_date
where given.destination = 'in_marts' and given.household_key is not null
