{#
    What readers should know about the data of this release, as figures: note_code is the wording (seed note_texts),
    {subject} and {figure} are filled into it. Rows with nothing to tell are left out.
#}
with submissions as (
    select * from {{ ref('stg_ops__release_submissions') }}
),

households as (
    select * from {{ ref('int_households_located') }}
),

persons as (
    select * from {{ ref('int_persons_linked') }}
),

listed as (
    select
        household_key,
        survey_year_be,
        count(*) as listed_persons
    from persons
    group by household_key, survey_year_be
),

classified as (
    select * from {{ ref('int_persons_classified') }}
),

coverage as (
    select * from {{ ref('int_survey_coverage') }}
),

populations as (
    select * from {{ ref('int_populations_by_area') }}
),

areas as (
    select * from {{ ref('int_areas_unioned') }}
),

tambon_per_area as (
    select
        province_code as area_code,
        count(*) as tambon
    from {{ ref('tambon') }}
    group by province_code
),

obligations as (
    select * from {{ ref('obligations') }}
),

status as (
    select * from {{ ref('int_reports_expected') }}
),

received as (
    select * from {{ ref('int_reports_received') }}
),

schemes as (
    select * from {{ ref('poverty_schemes') }}
    where scheme_id = '{{ var("poverty_scheme") }}'
),

findings as (
    select
        'submissions_used' as note_code,
        dataset_id,
        cast(null as text) as area_code,
        period,
        count(*) as figure,
        cast(null as bigint) as compared_with
    from submissions
    group by dataset_id, period
    union all
    select 'reports_missing', status.dataset_id, null, status.period, count(*), null
    from status
    left join received
        on
            status.agency_id = received.agency_id
            and status.dataset_id = received.dataset_id
            and status.period = received.period
    where status.is_overdue_by_as_of and coalesce(received.parts, 0) = 0
    group by status.dataset_id, status.period
    union all
    select 'dataset_absent', obligations.dataset_id, null, null, 0, null
    from obligations
    left join submissions on obligations.dataset_id = submissions.dataset_id
    where submissions.dataset_id is null
    union all
    select
        'population_incomplete', 'population', populations.area_code, cast(populations.calendar_year_be as text),
        populations.tambon_with_figures, tambon_per_area.tambon
    from populations
    inner join tambon_per_area on populations.area_code = tambon_per_area.area_code
    where populations.tambon_with_figures < tambon_per_area.tambon
    union all
    select
        'population_provisional', 'population', area_code, cast(calendar_year_be as text), 1, null
    from populations
    where has_provisional and area_code in (select tambon_per_area.area_code from tambon_per_area)
    union all
    select
        'published_persons_differ', 'population', populations.area_code, cast(populations.calendar_year_be as text),
        populations.total_persons, populations.published_persons
    from populations
    inner join tambon_per_area on populations.area_code = tambon_per_area.area_code
    where
        populations.total_persons != populations.published_persons
        and populations.tambon_with_figures = tambon_per_area.tambon
    union all
    select
        'published_houses_differ', 'population', populations.area_code, cast(populations.calendar_year_be as text),
        populations.houses, populations.published_houses
    from populations
    inner join tambon_per_area on populations.area_code = tambon_per_area.area_code
    where
        populations.houses != populations.published_houses
        and populations.tambon_with_figures = tambon_per_area.tambon
    union all
    select 'scheme_provisional', 'household_survey', null, cast(schemes.survey_year_be as text), 1, null
    from schemes
    where
        schemes.is_provisional
        and schemes.survey_year_be in (select coverage.survey_year_be from coverage)
    union all
    select 'no_scheme', 'household_survey', null, cast(survey_year_be as text), sum(surveyed_households), null
    from coverage
    where not has_scheme
    group by survey_year_be
    union all
    select
        'no_members', 'household_member', province_code, cast(survey_year_be as text), surveyed_households, null
    from coverage
    where not has_members
    union all
    select 'no_register', 'welfare_card', province_code, cast(survey_year_be as text), surveyed_households, null
    from coverage
    where not has_register
    union all
    select 'households_repeated', 'household_survey', null, cast(survey_year_be as text), count(*), null
    from households
    where times_listed > 1
    group by survey_year_be
    union all
    select 'tambon_unknown', 'household_survey', null, cast(survey_year_be as text), count(*), null
    from households
    where not is_tambon_known
    group by survey_year_be
    union all
    select
        'members_without_household', 'household_member', null, cast(persons.survey_year_be as text), count(*), null
    from persons
    left join households
        on
            persons.household_key = households.household_key
            and persons.survey_year_be = households.survey_year_be
    where households.household_key is null
    group by persons.survey_year_be
    union all
    select
        'members_fewer_than_stated', 'household_member', null, cast(households.survey_year_be as text), count(*), null
    from households
    inner join listed
        on
            households.household_key = listed.household_key
            and households.survey_year_be = listed.survey_year_be
    where listed.listed_persons < households.member_persons
    group by households.survey_year_be
    union all
    select 'persons_unidentified', 'household_member', null, cast(survey_year_be as text), count(*), null
    from classified
    where not is_identified
    group by survey_year_be
)

select
    findings.note_code,
    findings.dataset_id,
    findings.area_code,
    areas.name_th as area_name_th,
    areas.name_en as area_name_en,
    findings.period,
    findings.figure,
    findings.compared_with
from findings
left join areas on findings.area_code = areas.area_code
where findings.figure > 0 or findings.note_code = 'dataset_absent'
