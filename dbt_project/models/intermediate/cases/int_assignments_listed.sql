{#
    Every row of the lists, with its place and what became of it. Of one assignment in two files of a day the row
    received last counts; a list counts where it is the newest of a fiscal quarter.
#}
with listed as (
    select
        *,
        {{ last_received('list_date, household_key, official_key, start_date') }} as rank_in_list
    from {{ ref('stg_sbpac__household_assignments') }}
),

latest as (
    select * from {{ ref('int_households_latest') }}
),

codes as (
    select * from {{ ref('int_tambon_codes') }}
),

used as (
    select distinct list_date from {{ ref('int_case_quarters') }}
),

final as (
    select
        listed.household_key,
        listed.official_key,
        listed.official_agency,
        listed.is_listed_active,
        listed.start_date,
        listed.end_date,
        listed.list_date,
        listed.period,
        latest.household_key is not null as is_household_known,
        {{ leaf_of_named('listed', 'listed.household_key') }} as leaf_code,
        case
            when listed.rank_in_list > 1 then 'listed_again'
            when used.list_date is null then 'later_list_counts'
            else 'in_marts'
        end as destination,
        listed._submission_id,
        listed._sheet,
        listed._row
    from listed
    left join latest on listed.household_key = latest.household_key
    left join codes on listed.tambon_code = codes.code
    left join used on listed.list_date = used.list_date
)

select * from final
