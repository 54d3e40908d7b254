{#
    An activity of one day has no last day of its own. Its fiscal year and quarter are those of the day it ended; where
    nobody can tell the day, those of the month reported.
#}
{%- set counted_on = "coalesce(ended_date, " ~ month_first_date('_period') ~ ")" -%}
with submitted as (
    {{ submitted('activity') }}
),

ended as (
    select
        submitted.*,
        coalesce(submitted.last_date, submitted.first_date) as ended_date
    from submitted
)

select
    activity_code,
    {{ fiscal_year_be(counted_on) }} as fiscal_year_be,
    {{ fiscal_quarter(counted_on) }} as fiscal_quarter,
    activity_name,
    activity_kind,
    place_name,
    tambon_code as place_tambon_code,
    amphoe_code as place_amphoe_code,
    province_code as place_province_code,
    first_date,
    ended_date as last_date,
    participant_persons,
    male_persons,
    female_persons,
    official_persons,
    community_leader_persons,
    religious_leader_persons,
    civil_society_persons,
    youth_persons,
    women_group_persons,
    general_public_persons,
    budget_baht,
    spent_baht,
    lesson_learnt,
    is_best_practice,
    {{ sent_columns() }}
from ended
