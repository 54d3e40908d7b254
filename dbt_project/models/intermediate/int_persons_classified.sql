{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    A surveyed person in each household that lists them. Surveyed poor: the household is deprived in any dimension.
    Target poor: surveyed poor and on the register, validated where the scheme of the year asks for it.
    Where the province's treasury has sent no register for the year, both are unknown (NULL), not false.
#}
with persons as (
    select * from {{ ref('int_persons_linked') }}
    where {{ is_new_slice('survey_year_be') }}
),

households as (
    select * from {{ ref('int_households_classified') }}
    where {{ is_new_slice('survey_year_be') }}
),

registered as (
    select * from {{ ref('int_persons_registered') }}
    where {{ is_new_slice('survey_year_be') }}
),

rounds as (
    select distinct
        survey_year_be,
        province_code
    from {{ ref('int_welfare_rounds_chosen') }}
),

-- By the person and not by the number: the register may know an earlier or a later one.
listed as (
    select
        persons.person_id,
        persons.survey_year_be,
        persons.household_key,
        bool_or(registered.is_validated) as is_validated
    from persons
    inner join registered
        on
            persons.person_key = registered.person_key
            and persons.survey_year_be = registered.survey_year_be
    group by persons.person_id, persons.survey_year_be, persons.household_key
),

joined as (
    select
        persons.person_id,
        persons.survey_year_be,
        persons.household_key,
        households.leaf_code,
        households.province_code,
        persons.is_identified,
        households.register_rule,
        households.is_any_poor as is_surveyed_poor,
        case when rounds.province_code is not null then listed.person_id is not null end as is_registered,
        case when rounds.province_code is not null then coalesce(listed.is_validated, false) end as is_validated
    from persons
    inner join households
        on
            persons.household_key = households.household_key
            and persons.survey_year_be = households.survey_year_be
    left join listed
        on
            persons.household_key = listed.household_key
            and persons.survey_year_be = listed.survey_year_be
            and persons.person_id = listed.person_id
    left join rounds
        on
            households.survey_year_be = rounds.survey_year_be
            and households.province_code = rounds.province_code
),

final as (
    select
        person_id,
        survey_year_be,
        household_key,
        leaf_code,
        province_code,
        is_identified,
        is_surveyed_poor,
        is_surveyed_poor and is_registered as is_registered_poor,
        is_surveyed_poor and is_registered
        and (is_validated or register_rule = 'registered') as is_target_poor
    from joined
)

select * from final
