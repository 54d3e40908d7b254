{# Rows of the register that speak of a surveyed person: every one of the round that counts, whoever sent it. #}
select
    nested.area_code,
    persons.survey_year_be,
    persons.is_registered_poor,
    persons.is_target_poor,
    array['person_id', 'validation_status'] as _columns,
    cards._submission_id,
    cards._sheet,
    cards._row
from {{ ref('int_persons_classified') }} as persons
inner join {{ ref('int_persons_linked') }} as linked
    on
        persons.household_key = linked.household_key
        and persons.survey_year_be = linked.survey_year_be
        and persons.person_id = linked.person_id
inner join {{ ref('int_persons_registered') }} as registered
    on
        linked.person_key = registered.person_key
        and linked.survey_year_be = registered.survey_year_be
inner join {{ ref('int_welfare_rounds_chosen') }} as rounds
    on
        registered.survey_year_be = rounds.survey_year_be
        and registered.registration_round_be = rounds.registration_round_be
inner join {{ ref('stg_provincial_treasury__welfare_cards') }} as cards
    on
        registered.linkable_person_key = cards.linkable_person_key
        and rounds.registration_round_be = cards.registration_round_be
        and rounds.agency_id = cards.agency_id
inner join {{ ref('int_areas_nested') }} as nested on persons.leaf_code = nested.leaf_code
