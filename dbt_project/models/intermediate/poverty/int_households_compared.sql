{{ config(materialized='view') }}
{#
    Households of two rounds that follow one another in their province, by house code, and what became of them. Who is in
    the later round stands where they live then; who is gone, where they lived before. Poor by the scheme of each year.
    A province's first round is compared with nothing, and shows as such beside the year before it.
#}
with households as (
    select
        household_key,
        survey_year_be,
        leaf_code,
        province_code,
        is_any_poor
    from {{ ref('int_households_classified') }}
),

years as (
    select distinct
        province_code,
        survey_year_be
    from households
),

followed as (
    select
        province_code,
        survey_year_be,
        lag(survey_year_be) over (partition by province_code order by survey_year_be) as earlier_survey_year_be
    from years
),

pairs as (
    select
        province_code,
        coalesce(earlier_survey_year_be, survey_year_be - 1) as earlier_survey_year_be,
        survey_year_be as later_survey_year_be,
        earlier_survey_year_be is not null as is_compared
    from followed
),

first_poor as (
    select
        household_key,
        min(survey_year_be) as first_poor_year_be
    from households
    where is_any_poor
    group by household_key
),

later as (
    select
        pairs.earlier_survey_year_be,
        pairs.later_survey_year_be,
        households.household_key,
        households.survey_year_be,
        households.leaf_code,
        case
            when not pairs.is_compared then 'not_compared'
            when households_before.household_key is null then 'new'
            when households_before.is_any_poor and households.is_any_poor then 'poor_in_both'
            when households_before.is_any_poor and not households.is_any_poor then 'left_poverty'
            when not households_before.is_any_poor and not households.is_any_poor then 'poor_in_neither'
            when
                not households_before.is_any_poor and households.is_any_poor
                and first_poor.first_poor_year_be < pairs.earlier_survey_year_be then 'fell_back'
            when not households_before.is_any_poor and households.is_any_poor then 'newly_poor'
            else 'not_known'
        end as transition
    from households
    inner join pairs
        on
            households.province_code = pairs.province_code
            and households.survey_year_be = pairs.later_survey_year_be
    left join households as households_before
        on
            households.household_key = households_before.household_key
            and pairs.earlier_survey_year_be = households_before.survey_year_be
    left join first_poor on households.household_key = first_poor.household_key
),

gone as (
    select
        pairs.earlier_survey_year_be,
        pairs.later_survey_year_be,
        households.household_key,
        households.survey_year_be,
        households.leaf_code,
        case when later.household_key is null then 'gone' else 'still_there' end as transition
    from households
    inner join pairs
        on
            households.province_code = pairs.province_code
            and households.survey_year_be = pairs.earlier_survey_year_be
    left join households as later
        on
            households.household_key = later.household_key
            and pairs.later_survey_year_be = later.survey_year_be
),

final as (
    select * from later
    union all
    select * from gone
)

select * from final
