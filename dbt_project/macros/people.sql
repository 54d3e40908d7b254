{#
    Who a record speaks of. A linkable identifier stands for its person, an earlier one for whoever bears the later one
    (int_person_identifiers); a record without any is a person of its own. The one way person_id comes about.
#}

{# The identifier that counts today, as a key (uuid); NULL when the record has none that may link. #}
{% macro person_key(linkable_person_key, identifiers='identifiers') -%}
    coalesce({{ identifiers }}.person_key, {{ linkable_person_key }})
{%- endmacro %}

{# `record`: columns that together name the record, in the whole warehouse. #}
{% macro person_id(person_key, record) -%}
    coalesce(
        cast({{ person_key }} as text),
        'record-' || {% for part in record %}cast({{ part }} as text){{ " || '-' || " if not loop.last }}{% endfor %}
    )
{%- endmacro %}

{#
    Rows of a list of people, each with its person and its place: every row of the staging model is kept, also one
    whose place nobody knows (leaf_code NULL). Of several rows of one agency for one person, the latest period of the
    `year` counts, and in it the row received last: it has rank_of_row 1. `once_in`: columns, where a person counts once
    in something smaller than the year.
#}
{% macro located_people(staging, year, once_in=none) -%}
    select
        placed.*,
        row_number() over (
            partition by {{ once_in or year }}, agency_id, person_id
            order by period desc, _submission_id desc, _sheet, _row
        ) as rank_of_row
    from (
        {{ _placed_people(staging, year) | indent(8) }}
    ) as placed
{%- endmacro %}

{% macro _placed_people(staging, year) -%}
    select
        people.*,
        {{ person_id(person_key('people.linkable_person_key'), [
            'people._submission_id', 'people._sheet', 'people._row'
        ]) }} as person_id,
        people.linkable_person_key is not null as is_identified,
        {{ leaf_code('villages.village_code', 'codes.tambon_code', 'people.province_code') }} as leaf_code
    from {{ ref(staging) }} as people
    left join {{ ref('int_person_identifiers') }} as identifiers
        on people.linkable_person_key = identifiers.linkable_person_key
    left join {{ ref('int_tambon_codes') }} as codes on people.tambon_code = codes.code
    left join {{ ref('villages') }} as villages
        on
            people.village_code = villages.village_code
            and codes.tambon_code = villages.tambon_code
    where {{ is_new_slice('people.' ~ year) }}
{%- endmacro %}

{#
    What every row of located_people says: of whom, where, for which year, where it goes, and where it stands in a file.
    `given_way`: the condition by which a row that counts otherwise gives way to a later list.
#}
{% macro located_columns(year, given_way=none) -%}
    person_id,
    is_identified,
    household_key,
    leaf_code,
    agency_id,
    province_code,
    period,
    {{ year }},
    case
        when leaf_code is null then 'place_unknown'
        when rank_of_row > 1 then 'listed_again'
        {%- if given_way %}
        when {{ given_way }} then 'later_list_counts'
        {%- endif %}
        else 'in_marts'
    end as destination,
    _submission_id,
    _sheet,
    _row
{%- endmacro %}

{# Joins a row of int_target_group_persons to each group it counts in: its own, the one that holds it, and any_group. #}
{% macro containing_groups(rows) -%}
    inner join {{ ref('int_target_groups') }} as target_groups
        on {{ rows }}.target_group_id = target_groups.target_group_id
    inner join
        lateral (
            values
            ({{ rows }}.target_group_id),
            (nullif(target_groups.parent_group_id, 'any_group')),
            ('any_group')
        ) as containing (target_group_id)
        on containing.target_group_id is not null
{%- endmacro %}
