{# Target-poor people of each fiscal year in each household that lists them, by the survey chosen for their province. #}
select
    rounds.fiscal_year_be,
    persons.person_id,
    persons.household_key,
    persons.survey_year_be,
    persons.leaf_code,
    persons.province_code
from {{ ref('int_persons_classified') }} as persons
inner join {{ ref('int_need_rounds_chosen') }} as rounds
    on persons.province_code = rounds.province_code and persons.survey_year_be = rounds.survey_year_be
where persons.is_target_poor
