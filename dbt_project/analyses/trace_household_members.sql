{# The rows of the members whom the latest survey lists in a household, with who is target poor and on the register. #}
with registered as (
    select
        survey_year_be,
        person_key,
        bool_or(is_validated) as is_validated
    from {{ ref('int_persons_registered') }}
    group by survey_year_be, person_key
),

needs as (
    select distinct
        household_key,
        person_id
    from {{ ref('int_persons_in_need') }}
    where fiscal_year_be = (select max(quarters.fiscal_year_be) from {{ ref('int_case_quarters') }} as quarters)
)

select
    cast(linked.household_key as text) as household_key,
    linked.person_id,
    needs.person_id is not null as is_target_poor,
    registered.person_key is not null as is_registered,
    coalesce(registered.is_validated, false) as is_validated,
    array['house_code', 'member_no', 'person_id'] as _columns,
    linked._submission_id,
    linked._sheet,
    linked._row
from {{ ref('int_households_latest') }} as latest
inner join {{ ref('int_persons_linked') }} as linked
    on latest.household_key = linked.household_key and latest.survey_year_be = linked.survey_year_be
left join needs on linked.household_key = needs.household_key and linked.person_id = needs.person_id
left join registered
    on linked.person_key = registered.person_key and linked.survey_year_be = registered.survey_year_be
