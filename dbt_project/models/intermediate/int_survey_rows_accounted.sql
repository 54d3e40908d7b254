{{ config(materialized='incremental', meta={'slice_by': 'period'}) }}
{# Where every row of the survey went, households and members; see int_rows_accounted. #}
with codes as (
    select distinct on (code)
        code,
        tambon_code
    from {{ ref('int_tambon_codes') }}
    order by code asc, is_retired asc
),

households as (
    select
        stg.survey_year_be as year_be,
        stg.household_key,
        count(*) as rows_listed,
        bool_and(stg.province_code is null and codes.code is null) as is_nowhere
    from {{ ref('stg_community_development__households') }} as stg
    left join codes on stg.tambon_code = codes.code
    where {{ is_new_slice('stg.survey_year_be') }}
    group by stg.survey_year_be, stg.household_key
),

members as (
    select
        stg.survey_year_be as year_be,
        stg.household_key,
        {{ person_key('stg.linkable_person_key') }} as person_key,
        {{ last_received('survey_year_be, household_key, member_no') }} as rank_of_member
    from {{ ref('stg_community_development__household_members') }} as stg
    left join {{ ref('int_person_identifiers') }} as identifiers
        on stg.linkable_person_key = identifiers.linkable_person_key
    where {{ is_new_slice('stg.survey_year_be') }}
),

linked as (
    select * from {{ ref('int_persons_linked') }}
    where {{ is_new_slice('survey_year_be') }}
),

located as (
    select * from {{ ref('int_households_located') }}
    where {{ is_new_slice('survey_year_be') }}
),

persons as (
    select
        linked.survey_year_be as year_be,
        located.household_key is not null as is_surveyed
    from linked
    left join located
        on linked.household_key = located.household_key and linked.survey_year_be = located.survey_year_be
),

persons_repeated as (
    select
        year_be,
        count(*) - 1 as repeated_rows
    from members
    where rank_of_member = 1 and person_key is not null
    group by year_be, household_key, person_key
    having count(*) > 1
),

accounted as (
    select
        'household_survey' as dataset_id,
        survey_year_be as year_be,
        'in_marts' as destination,
        surveyed_households as accounted_rows
    from {{ ref('int_households_by_area') }}
    where area_code = 'SBP' and {{ is_new_slice('survey_year_be') }}
    union all
    select 'household_survey', year_be, 'household_listed_again', sum(rows_listed) - count(*)
    from households
    group by year_be
    union all
    select 'household_survey', year_be, 'place_unknown', count(*)
    from households
    where is_nowhere
    group by year_be
    union all
    select 'household_member', survey_year_be, 'in_marts', count(*)
    from {{ ref('int_persons_classified') }}
    where {{ is_new_slice('survey_year_be') }}
    group by survey_year_be
    union all
    select 'household_member', year_be, 'member_listed_again', count(*)
    from members
    where rank_of_member > 1
    group by year_be
    union all
    select 'household_member', year_be, 'person_listed_again', sum(repeated_rows)
    from persons_repeated
    group by year_be
    union all
    select 'household_member', year_be, 'household_not_surveyed', count(*)
    from persons
    where not is_surveyed
    group by year_be
)

select
    dataset_id,
    cast(year_be as text) as period,
    destination,
    cast(accounted_rows as bigint) as accounted_rows
from accounted
where accounted_rows > 0
