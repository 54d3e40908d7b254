{{ config(materialized='incremental', meta={'slice_by': 'registration_round_be'}) }}
{# Every row of the welfare-card registers, with its person and place; a row of no known place is left out. #}
with located as (
    select
        cards.registration_round_be,
        cards.province_code,
        cards.is_validated,
        {{ person_id(person_key('cards.linkable_person_key'), [
            'cards._submission_id', 'cards._sheet', 'cards._row'
        ]) }} as person_id,
        cards.linkable_person_key is not null as is_identified,
        {{ leaf_code('cast(null as text)', 'codes.tambon_code', 'cards.province_code') }} as leaf_code,
        cards._submission_id,
        cards._sheet,
        cards._row
    from {{ ref('stg_provincial_treasury__welfare_cards') }} as cards
    left join {{ ref('int_person_identifiers') }} as identifiers
        on cards.linkable_person_key = identifiers.linkable_person_key
    left join {{ ref('int_tambon_codes') }} as codes on cards.tambon_code = codes.code
    where {{ is_new_slice('cards.registration_round_be') }}
)

select * from located
where leaf_code is not null
