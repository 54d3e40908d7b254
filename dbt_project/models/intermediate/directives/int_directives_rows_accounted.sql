{# Where the rows of directives went; what is in the marts is counted by the directives that are there. #}
select
    'directive' as dataset_id,
    reports.period,
    'in_marts' as destination,
    count(*) as accounted_rows
from {{ ref('int_directives_reported') }} as reports
inner join {{ ref('int_directives_followed') }} as directives
    on reports.origin_meeting = directives.origin_meeting and reports.directive_no = directives.directive_no
where reports.destination = 'in_marts'
group by reports.period
union all
select
    'directive',
    period,
    destination,
    count(*)
from {{ ref('int_directives_reported') }}
where destination != 'in_marts'
group by period, destination
