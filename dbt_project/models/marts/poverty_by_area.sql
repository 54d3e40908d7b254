with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

households as (
    select * from {{ ref('int_households_by_area') }}
    where {{ is_new_slice('survey_year_be') }}
),

persons as (
    select * from {{ ref('int_persons_by_area') }}
    where {{ is_new_slice('survey_year_be') }}
),

populations as (
    select * from {{ ref('int_populations_by_area') }}
    where {{ is_new_slice('calendar_year_be') }}
),

coverage as (
    select
        province_code,
        survey_year_be,
        has_scheme,
        has_members,
        has_register
    from {{ ref('int_survey_coverage') }}
    where {{ is_new_slice('survey_year_be') }}
    union all
    select
        null,
        survey_year_be,
        bool_or(has_scheme),
        bool_or(has_members),
        bool_or(has_register)
    from {{ ref('int_survey_coverage') }}
    where {{ is_new_slice('survey_year_be') }}
    group by survey_year_be
),

years as (
    select survey_year_be from households
    union
    select calendar_year_be from populations
),

-- Every tambon and above in every year, so that a silent one shows; villages where somebody was surveyed.
joined as (
    select
        areas.area_code,
        years.survey_year_be,
        areas.area_level,
        areas.province_code,
        coalesce(households.surveyed_households, 0) as surveyed_households,
        case when coverage.has_members then coalesce(persons.surveyed_persons, 0) end as surveyed_persons,
        case when coverage.has_members and coverage.has_scheme then coalesce(persons.surveyed_poor_persons, 0) end
            as surveyed_poor_persons,
        case when coverage.has_register and coverage.has_scheme then coalesce(persons.registered_poor_persons, 0) end
            as registered_poor_persons,
        case when coverage.has_register and coverage.has_scheme then coalesce(persons.target_poor_persons, 0) end
            as target_poor_persons,
        case when coverage.has_register and coverage.has_scheme then households.target_poor_households end
            as target_poor_households,
        {% for dimension in ['any', 'health', 'living', 'education', 'income', 'access'] %}
            case when coverage.has_scheme then households.{{ dimension }}_poor_households end
                as {{ dimension }}_poor_households,
        {% endfor %}
        case when areas.area_level != 'village' then populations.total_persons end as population_persons
    from areas
    cross join years
    left join households
        on areas.area_code = households.area_code and years.survey_year_be = households.survey_year_be
    left join persons
        on areas.area_code = persons.area_code and years.survey_year_be = persons.survey_year_be
    left join populations
        on areas.area_code = populations.area_code and years.survey_year_be = populations.calendar_year_be
    left join coverage
        on
            households.survey_year_be = coverage.survey_year_be
            and areas.province_code is not distinct from coverage.province_code
    where areas.area_level != 'village' or households.area_code is not null
),

final as (
    select
        area_code,
        survey_year_be,
        area_level,
        province_code,
        population_persons,
        surveyed_households,
        surveyed_persons,
        surveyed_poor_persons,
        {{ share_pct('surveyed_poor_persons', 'surveyed_persons') }} as surveyed_poor_persons_pct,
        registered_poor_persons,
        {{ share_pct('registered_poor_persons', 'surveyed_persons') }} as registered_poor_persons_pct,
        target_poor_persons,
        {{ share_pct('target_poor_persons', 'surveyed_persons') }} as target_poor_persons_pct,
        {% for stem in ['target', 'any', 'health', 'living', 'education', 'income'] %}
            {{ stem }}_poor_households,
            {{ share_pct(stem ~ '_poor_households', 'surveyed_households') }} as {{ stem }}_poor_households_pct,
        {% endfor %}
        access_poor_households,
        {{ share_pct('access_poor_households', 'surveyed_households') }} as access_poor_households_pct
    from joined
)

select * from final
