{# The row of a file by which a person is in a household, in every area that holds it: one row for each household. #}
select
    nested.area_code,
    persons.survey_year_be,
    persons.person_id,
    persons.is_surveyed_poor,
    persons.is_registered_poor,
    persons.is_target_poor,
    array['house_code', 'member_no', 'person_id'] as _columns,
    linked._submission_id,
    linked._sheet,
    linked._row
from {{ ref('int_persons_classified') }} as persons
inner join {{ ref('int_persons_linked') }} as linked
    on
        persons.household_key = linked.household_key
        and persons.survey_year_be = linked.survey_year_be
        and persons.person_id = linked.person_id
inner join {{ ref('int_areas_nested') }} as nested on persons.leaf_code = nested.leaf_code
