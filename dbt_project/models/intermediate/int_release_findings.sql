{#
    What readers should know about the data of this release, as figures: note_code is the wording (seed note_texts),
    {subject} and {figure} are filled into it. Rows with nothing to tell are left out.
#}
{%- set population = "'population'" -%}
{%- set survey = "'household_survey'" -%}
{%- set members = "'household_member'" -%}
{%- set register = "'welfare_card'" -%}
with submissions as (
    select * from {{ ref('stg_ops__release_submissions') }}
),

reports as (
    select
        expected.dataset_id,
        expected.period,
        expected.is_overdue_by_as_of and coalesce(received.parts, 0) = 0 as is_missing
    from {{ ref('int_reports_expected') }} as expected
    left join {{ ref('int_reports_received') }} as received
        on
            expected.agency_id = received.agency_id
            and expected.dataset_id = received.dataset_id
            and expected.period = received.period
),

obligations as (
    select
        dataset_id,
        dataset_id in (select submissions.dataset_id from submissions) as is_met
    from {{ ref('obligations') }}
),

tambon_per_province as (
    select
        province_code,
        count(*) as tambon
    from {{ ref('tambon') }}
    group by province_code
),

provinces as (
    select
        populations.*,
        tambon_per_province.tambon,
        populations.tambon_with_figures = tambon_per_province.tambon as is_complete
    from {{ ref('int_populations_by_area') }} as populations
    inner join tambon_per_province on populations.area_code = tambon_per_province.province_code
),

coverage as (
    select * from {{ ref('int_survey_coverage') }}
),

schemes as (
    select * from {{ ref('poverty_schemes') }}
    where
        scheme_id = '{{ var("poverty_scheme") }}'
        and survey_year_be in (select coverage.survey_year_be from coverage)
),

findings as (
    {{ finding('submissions_used', 'dataset_id', 'submissions', 'period') }}
    union all
    {{ finding('reports_missing', 'dataset_id', 'reports', 'period', where='is_missing') }}
    union all
    {{ finding('dataset_absent', 'dataset_id', 'obligations', 'null', where='not is_met', figure='0') }}
    union all
    {{ finding(
        'population_incomplete', population, 'provinces', 'calendar_year_be', area='area_code',
        where='not is_complete', figure='max(tambon_with_figures)', compared_with='max(tambon)'
    ) }}
    union all
    {{ finding(
        'population_provisional', population, 'provinces', 'calendar_year_be', area='area_code',
        where='has_provisional', figure='1'
    ) }}
    union all
    {{ finding(
        'published_persons_differ', population, 'provinces', 'calendar_year_be', area='area_code',
        where='is_complete and total_persons != published_persons',
        figure='max(total_persons)', compared_with='max(published_persons)'
    ) }}
    union all
    {{ finding(
        'published_houses_differ', population, 'provinces', 'calendar_year_be', area='area_code',
        where='is_complete and houses != published_houses',
        figure='max(houses)', compared_with='max(published_houses)'
    ) }}
    union all
    {{ finding('scheme_provisional', survey, 'schemes', 'survey_year_be', where='is_provisional', figure='1') }}
    union all
    {{ finding(
        'no_scheme', survey, 'coverage', 'survey_year_be',
        where='not has_scheme', figure='sum(surveyed_households)'
    ) }}
    union all
    {{ finding(
        'no_members', members, 'coverage', 'survey_year_be', area='province_code',
        where='not has_members', figure='sum(surveyed_households)'
    ) }}
    union all
    {{ finding(
        'no_register', register, 'coverage', 'survey_year_be', area='province_code',
        where='not has_register', figure='sum(surveyed_households)'
    ) }}
    union all
    select * from {{ ref('int_survey_findings') }}
    union all
    select * from {{ ref('int_programmes_findings') }}
    union all
    select * from {{ ref('int_people_findings') }}
    union all
    select * from {{ ref('int_society_findings') }}
    union all
    select * from {{ ref('int_economy_findings') }}
    union all
    select * from {{ ref('int_community_findings') }}
    union all
    select * from {{ ref('int_places_findings') }}
    union all
    select * from {{ ref('int_directives_findings') }}
),

final as (
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
    left join {{ ref('int_areas_unioned') }} as areas on findings.area_code = areas.area_code
    where findings.figure > 0 or findings.note_code = 'dataset_absent'
)

select * from final
