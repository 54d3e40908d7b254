{%- set found = [
    'group_persons', 'unidentified_persons', 'surveyed_persons', 'from_poor_household_persons', 'target_poor_persons',
    'card_registered_persons', 'card_validated_persons', 'in_need_persons', 'helped_persons',
    'in_need_unhelped_persons', 'seeking_work_persons', 'seeking_work_from_poor_household_persons'
] -%}
with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

target_groups as (
    select * from {{ ref('int_target_groups') }}
),

coverage as (
    select * from {{ ref('int_target_group_coverage') }}
    where {{ is_new_slice('year_be') }}
),

-- What a group's lists tell; any_group tells what any group of the same kind of period does.
told as (
    select
        coverage.target_group_id,
        coverage.period_kind,
        coverage.period,
        coverage.year_be,
        bool_or(target_groups.has_needs) as has_needs,
        bool_or(target_groups.has_help) as has_help,
        bool_or(target_groups.has_work) as has_work
    from coverage
    inner join target_groups
        on
            coverage.target_group_id = target_groups.target_group_id
            or (coverage.target_group_id = 'any_group' and coverage.period_kind = target_groups.period_kind)
    group by coverage.target_group_id, coverage.period_kind, coverage.period, coverage.year_be
),

sent as (
    select
        target_group_id,
        period_kind,
        period,
        province_code
    from coverage
    union
    select
        target_group_id,
        period_kind,
        period,
        null
    from coverage
),

compared as (
    select
        year_be,
        province_code,
        survey_year_be,
        registration_round_be
    from {{ ref('int_years_compared') }}
    where {{ is_new_slice('year_be') }}
    union all
    select
        year_be,
        null,
        max(survey_year_be),
        max(registration_round_be)
    from {{ ref('int_years_compared') }}
    where {{ is_new_slice('year_be') }}
    group by year_be
),

persons as (
    select * from {{ ref('int_target_groups_by_area') }}
    where {{ is_new_slice('year_be') }}
),

-- Every tambon and above for every group and period that any province has sent; villages where there is somebody.
joined as (
    select
        areas.area_code,
        told.target_group_id,
        told.period_kind,
        told.period,
        areas.area_level,
        areas.province_code,
        compared.survey_year_be,
        compared.registration_round_be,
        told.has_needs,
        told.has_help,
        told.has_work,
    {% for measure in found %}
        case
            when persons.area_code is not null then persons.{{ measure }}
            when sent.period is not null then 0
        end as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from areas
    cross join told
    left join persons
        on
            areas.area_code = persons.area_code
            and told.target_group_id = persons.target_group_id
            and told.period_kind = persons.period_kind
            and told.period = persons.period
    left join sent
        on
            told.target_group_id = sent.target_group_id
            and told.period_kind = sent.period_kind
            and told.period = sent.period
            and areas.province_code is not distinct from sent.province_code
    left join compared
        on
            told.year_be = compared.year_be
            and areas.province_code is not distinct from compared.province_code
    where areas.area_level != 'village' or persons.area_code is not null
),

-- Where there is nothing to compare with, or a list does not tell, a figure is unknown and not zero.
known as (
    select
        area_code,
        target_group_id,
        period_kind,
        period,
        area_level,
        province_code,
        group_persons,
        unidentified_persons,
        survey_year_be,
        case when survey_year_be is not null then surveyed_persons end as surveyed_persons,
        case when survey_year_be is not null then from_poor_household_persons end as from_poor_household_persons,
        case when survey_year_be is not null and registration_round_be is not null then target_poor_persons end
            as target_poor_persons,
        registration_round_be,
        case when registration_round_be is not null then card_registered_persons end as card_registered_persons,
        case when registration_round_be is not null then card_validated_persons end as card_validated_persons,
        case when has_needs then in_need_persons end as in_need_persons,
        case when has_help then helped_persons end as helped_persons,
        case when has_needs and has_help then in_need_unhelped_persons end as in_need_unhelped_persons,
        case when has_work then seeking_work_persons end as seeking_work_persons,
        case when has_work and survey_year_be is not null then seeking_work_from_poor_household_persons end
            as seeking_work_from_poor_household_persons
    from joined
),

final as (
    select
        area_code,
        target_group_id,
        period_kind,
        period,
        area_level,
        province_code,
        group_persons,
        unidentified_persons,
        survey_year_be,
        surveyed_persons,
        {{ share_pct('surveyed_persons', 'group_persons') }} as surveyed_persons_pct,
        from_poor_household_persons,
        {{ share_pct('from_poor_household_persons', 'surveyed_persons') }} as from_poor_household_persons_pct,
        target_poor_persons,
        registration_round_be,
        card_registered_persons,
        card_validated_persons,
        in_need_persons,
        helped_persons,
        in_need_unhelped_persons,
        {{ share_pct('in_need_unhelped_persons', 'in_need_persons') }} as in_need_unhelped_persons_pct,
        seeking_work_persons,
        seeking_work_from_poor_household_persons
    from known
)

select * from final
