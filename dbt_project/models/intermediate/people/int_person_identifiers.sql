{#
    Identifiers that were replaced, and whose they are today. Registration offices report the number before and the one
    after; followed to its end, every earlier one stands for the last. An identifier that is not here was never
    replaced and stands for itself (macro person_key).

    What can't be followed joins nobody: one earlier number with several later ones, several earlier ones of one kind
    with the same later one, and numbers that replace each other in a circle. Such a number keeps its own person.
#}
{%- set steps = 5 %}{# each step doubles the way gone: 2^5 = 32 changes of number in one life are enough #}
with reported as (
    select distinct
        earlier_linkable_person_key as earlier_key,
        earlier_person_key_kind as earlier_kind,
        linkable_person_key as later_key
    from {{ ref('stg_registration_office__unregistered_persons') }}
    where
        earlier_linkable_person_key is not null
        and linkable_person_key is not null
        and earlier_linkable_person_key != linkable_person_key
),

-- Who reports G → 1 beside G → 0 and 0 → 1 says nothing new.
shortcuts as (
    select
        first_change.earlier_key,
        second_change.later_key
    from reported as first_change
    inner join reported as second_change on first_change.later_key = second_change.earlier_key
    where first_change.earlier_key != second_change.later_key
),

direct as (
    select reported.*
    from reported
    left join shortcuts
        on reported.earlier_key = shortcuts.earlier_key and reported.later_key = shortcuts.later_key
    where shortcuts.earlier_key is null
),

judged as (
    select
        earlier_key,
        later_key,
        count(*) over (partition by earlier_key) as later_numbers,
        count(*) over (partition by later_key, earlier_kind) as earlier_numbers_alike
    from direct
),

step_0 as (
    select
        earlier_key as person_key,
        later_key as reached_key
    from judged
    where later_numbers = 1 and earlier_numbers_alike = 1
),
{% for step in range(1, steps + 1) %}
    step_{{ step }} as (
        select
            here.person_key,
            coalesce(onwards.reached_key, here.reached_key) as reached_key
        from step_{{ step - 1 }} as here
        left join step_{{ step - 1 }} as onwards on here.reached_key = onwards.person_key
    ),
{% endfor %}
-- Where the way goes on from there after all steps, it is a circle.
followed as (
    select
        way.person_key,
        way.reached_key,
        onwards.person_key is null as has_end
    from step_{{ steps }} as way
    left join step_0 as onwards on way.reached_key = onwards.person_key
),

by_identifier as (
    select
        earlier_key as linkable_person_key,
        max(later_numbers) as later_numbers,
        max(earlier_numbers_alike) as earlier_numbers_alike
    from judged
    group by earlier_key
),

final as (
    select
        by_identifier.linkable_person_key,
        case
            when followed.has_end then followed.reached_key
            else by_identifier.linkable_person_key
        end as person_key,
        case
            when followed.has_end then 'followed'
            when by_identifier.later_numbers > 1 then 'several_later_numbers'
            when by_identifier.earlier_numbers_alike > 1 then 'several_earlier_numbers'
            else 'circle'
        end as outcome
    from by_identifier
    left join followed on by_identifier.linkable_person_key = followed.person_key
)

select * from final
