{#
    What visits found a household to lack, of those somebody looks after in the newest quarter: of each dimension the
    last word.
#}
with cases as (
    {{ cases_of_newest_quarter() }}
),

visits as (
    select * from {{ ref('int_visits_listed') }}
    where destination = 'in_marts'
),

final as (
    select
        cases.household_key,
        {% for dimension in ['health', 'living', 'education', 'income', 'access'] %}
            {{ last_of_visits(
                'has_' ~ dimension ~ '_problem', 'visits.has_' ~ dimension ~ '_problem is not null'
            ) }} as has_{{ dimension }}_problem,
        {% endfor %}
        {{ last_of_visits('help_planned', 'visits.help_planned is not null') }} as help_planned
    from cases
    inner join visits on cases.household_key = visits.household_key
    group by cases.household_key
)

select * from final
