{# Where the rows of organisations and activities went; what is in the marts is counted where the marts read. #}
with accounted as (
    select
        'civil_society_organisation' as dataset_id,
        period,
        'in_marts' as destination,
        count(*) as accounted_rows
    from {{ ref('int_civil_society_organisations_compared') }}
    group by period
    union all
    select 'civil_society_organisation', period, destination, count(*)
    from {{ ref('int_civil_society_organisations_placed') }}
    where destination <> 'in_marts'
    group by period, destination
    union all
    select 'activity', period, destination, count(*)
    from {{ ref('int_activities_placed') }}
    group by period, destination
)

select * from accounted
