{#
    Every row of the lists, with its place and what became of it. Of one assignment in two files of a day the row
    received last counts; a list counts where it is the newest of a fiscal quarter.
#}
with located as (
    {{ located_households(
        'stg_sbpac__household_assignments', once='list_date, household_key, official_key, start_date'
    ) }}
),

used as (
    select distinct list_date from {{ ref('int_case_quarters') }}
)

select
    located.household_key,
    located.official_key,
    located.official_agency,
    located.is_listed_active,
    located.start_date,
    located.end_date,
    located.list_date,
    located.period,
    located.is_household_known,
    located.leaf_code,
    case
        when located.rank_of_row > 1 then 'listed_again'
        when used.list_date is null then 'later_list_counts'
        else 'in_marts'
    end as destination,
    located._submission_id,
    located._sheet,
    located._row
from located
left join used on located.list_date = used.list_date
