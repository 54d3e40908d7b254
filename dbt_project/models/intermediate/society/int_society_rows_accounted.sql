{# Where the rows of organisations and activities went; what is in the marts is counted where the marts read. #}
with accounted as (
    {{ rows_accounted(
        'civil_society_organisation', 'int_civil_society_organisations_placed',
        in_marts='int_civil_society_organisations_compared'
    ) }}
    union all
    {{ rows_accounted('activity', 'int_activities_placed') }}
)

select * from accounted
