{{ config(materialized='incremental', meta={'slice_by': 'survey_year_be'}) }}
{#
    Every surveyed household by every scheme of its year: its deprivation score, the sum of the weights of what it is
    deprived in over the sum of all (0 to 1), and whether that makes it poor. Not applicable is not deprived.
#}
with answers as (
    select * from {{ ref('int_household_answers') }}
    where {{ is_new_slice('survey_year_be') }}
),

-- One row for each scheme and year with the weight of every item, so that scores are sums along a row.
schemes as (
    select
        scheme_id,
        survey_year_be,
        rule,
        poverty_cutoff,
        {% for number in range(1, 39) %}
            coalesce(max(weight) filter (where item_no = {{ number }}), 0) as weight_{{ number }},
        {% endfor %}
        sum(weight) as all_weights
    from {{ ref('int_indicators_unioned') }}
    where measured_from = 'household_survey' and rule is not null
    group by scheme_id, survey_year_be, rule, poverty_cutoff
),

scored as (
    select
        answers.household_key,
        answers.survey_year_be,
        schemes.scheme_id,
        answers.leaf_code,
        answers.member_persons,
        schemes.rule,
        schemes.poverty_cutoff,
        (
            {% for number in range(1, 39) %}
                {{ '+ ' if not loop.first }}case
                    when answers.{{ survey_item(number) }} then schemes.weight_{{ number }} else 0
                end
            {% endfor %}
        ) / schemes.all_weights as score
    from answers
    inner join schemes on answers.survey_year_be = schemes.survey_year_be
),

final as (
    select
        household_key,
        survey_year_be,
        scheme_id,
        leaf_code,
        member_persons,
        score,
        {{ is_poor_by('rule', 'score', 'poverty_cutoff') }} as is_poor
    from scored
)

select * from final
