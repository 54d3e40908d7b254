{%- set known_when_both_years_have_a_scheme = [
    'poor_in_both', 'left_poverty', 'newly_poor', 'fell_back', 'poor_in_neither'
] -%}
with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

schemes as (
    select * from {{ ref('poverty_schemes') }}
    where scheme_id = '{{ var("poverty_scheme") }}'
),

counted as (
    select
        transitions.*,
        areas.area_level,
        areas.province_code,
        earlier_schemes.survey_round is not null and later_schemes.survey_round is not null as has_schemes,
        earlier_schemes.survey_round = later_schemes.survey_round as is_same_round,
        poor_in_both_households + left_poverty_households + newly_poor_households + fell_back_households
        + poor_in_neither_households + not_known_households as matched_households,
        gone_households + still_there_households as earlier_households,
        all_households > not_compared_households as is_compared
    from {{ ref('int_transitions_by_area') }} as transitions
    inner join areas on transitions.area_code = areas.area_code
    left join schemes as earlier_schemes on transitions.earlier_survey_year_be = earlier_schemes.survey_year_be
    left join schemes as later_schemes on transitions.later_survey_year_be = later_schemes.survey_year_be
),

known as (
    select
        area_code,
        earlier_survey_year_be,
        later_survey_year_be,
        area_level,
        province_code,
        coalesce(is_same_round, false) as is_same_round,
        earlier_households,
        matched_households + new_households + not_compared_households as later_households,
        {% for stem in ['matched', 'new', 'gone'] %}
            case when is_compared then {{ stem }}_households end as {{ stem }}_households,
        {% endfor %}
        {% for transition in known_when_both_years_have_a_scheme %}
            case when is_compared and has_schemes then {{ transition }}_households end
                as {{ transition }}_households,
        {% endfor %}
        is_compared
    from counted
),

final as (
    select
        area_code,
        earlier_survey_year_be,
        later_survey_year_be,
        area_level,
        province_code,
        is_same_round,
        earlier_households,
        later_households,
        matched_households,
        {{ share_pct('matched_households', 'later_households') }} as matched_households_pct,
        new_households,
        {% for transition in known_when_both_years_have_a_scheme %}
            {{ transition }}_households,
        {% endfor %}
        gone_households
    from known
)

select * from final
