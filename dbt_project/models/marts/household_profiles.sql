{#
    Households that concern a case worker. No other has a profile, so that nobody is shown without a reason.
#}
with newest as (
    {{ newest_quarter() }}
),

in_need as (
    select
        needs.household_key,
        count(distinct needs.person_id) as target_poor_persons
    from {{ ref('int_persons_in_need') }} as needs
    inner join newest on needs.fiscal_year_be = newest.fiscal_year_be
    group by needs.household_key
),

cases as (
    {{ cases_of_newest_quarter() }}
),

concerned as (
    select * from {{ ref('int_households_concerned') }}
),

latest as (
    select found.*
    from {{ ref('int_households_latest') }} as found
    inner join concerned on found.household_key = concerned.household_key
),

years as (
    select distinct survey_year_be from latest
),

linked as (
    select
        persons.household_key,
        persons.survey_year_be,
        persons.person_key
    from {{ ref('int_persons_linked') }} as persons
    inner join latest
        on persons.household_key = latest.household_key and persons.survey_year_be = latest.survey_year_be
    where {{ is_among('persons.survey_year_be', 'years') }}
),

-- Of these people alone: the register of all years is long.
registered as (
    select
        cards.survey_year_be,
        cards.person_key,
        bool_or(cards.is_validated) as is_validated
    from {{ ref('int_persons_registered') }} as cards
    where
        {{ is_among('cards.survey_year_be', 'years') }}
        and (cards.survey_year_be, cards.person_key) in (
            select
                linked.survey_year_be,
                linked.person_key
            from linked
        )
    group by cards.survey_year_be, cards.person_key
),

members as (
    select
        linked.household_key,
        count(*) filter (where registered.person_key is not null) as card_persons,
        count(*) filter (where registered.is_validated) as validated_card_persons
    from linked
    left join registered
        on linked.person_key = registered.person_key and linked.survey_year_be = registered.survey_year_be
    group by linked.household_key
),

-- Each once before they are put in order.
groups_of_household as (
    select
        households.household_key,
        households.target_group_id
    from {{ ref('int_target_group_households') }} as households
    inner join concerned on households.household_key = concerned.household_key
    group by households.household_key, households.target_group_id
),

target_groups as (
    select
        household_key,
        string_agg(target_group_id, ', ' order by target_group_id) as target_groups
    from groups_of_household
    group by household_key
),

located as (
    select
        household_key,
        survey_year_be,
        member_persons,
        income_per_person_baht
    from {{ ref('int_households_located') }}
    where {{ is_among('survey_year_be', 'years') }}
),

final as (
    select
        cast(concerned.household_key as text) as household_key,
        cast(cases.official_key as text) as official_key,
        cases.official_agency,
        areas.province_code,
        areas.amphoe_code,
        areas.tambon_code,
        coalesce(latest.leaf_code, concerned.leaf_code) as place_code,
        latest.household_key is not null as is_household_known,
        latest.survey_year_be,
        located.member_persons,
        located.income_per_person_baht,
        {% for dimension in ['health', 'living', 'education', 'income', 'access', 'any'] %}
            latest.is_{{ dimension }}_poor,
        {% endfor %}
        in_need.household_key is not null as is_target_poor,
        coalesce(in_need.target_poor_persons, 0) as target_poor_persons,
        coalesce(members.card_persons, 0) as card_persons,
        coalesce(members.validated_card_persons, 0) as validated_card_persons,
        target_groups.target_groups,
        coalesce(help.helps, 0) as helps,
        coalesce(help.helps_in_year, 0) as helps_in_year,
        help.help_by_kind,
        help.last_help_date,
        coalesce(help.duplicate_help_cases, 0) as duplicate_help_cases,
        help.duplicate_help
    from concerned
    left join latest on concerned.household_key = latest.household_key
    left join located
        on latest.household_key = located.household_key and latest.survey_year_be = located.survey_year_be
    inner join {{ ref('int_areas_unioned') }} as areas
        on coalesce(latest.leaf_code, concerned.leaf_code) = areas.area_code
    left join cases on concerned.household_key = cases.household_key
    left join in_need on concerned.household_key = in_need.household_key
    left join members on latest.household_key = members.household_key
    left join target_groups on concerned.household_key = target_groups.household_key
    left join {{ ref('int_household_help') }} as help on concerned.household_key = help.household_key
)

select * from final
