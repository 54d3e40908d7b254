{#
    Where every row of problems, incidents and complaints went; what is in the marts is counted at the end of the way,
    after the joins that place it.
#}
with region as (
    select leaf_code from {{ ref('int_areas_nested') }}
    where area_code = 'SBP'
),

accounted as (
    select
        'community_problem' as dataset_id,
        cast(states.fiscal_year_be as text) || '-Q' || cast(states.fiscal_quarter as text) as period,
        'in_marts' as destination,
        count(*) as accounted_rows
    from {{ ref('int_problems_by_quarter') }} as states
    inner join region on states.leaf_code = region.leaf_code
    where states.is_listed
    group by states.fiscal_year_be, states.fiscal_quarter
    union all
    {{ rows_left_out('community_problem', 'int_problems_listed') }}
    union all
    select 'security_incident', placed.period, 'in_marts', count(*)
    from {{ ref('int_incidents_placed') }} as placed
    inner join region on placed.leaf_code = region.leaf_code
    inner join {{ ref('int_incident_quarters') }} as quarters
        on placed.fiscal_year_be = quarters.fiscal_year_be and placed.fiscal_quarter = quarters.fiscal_quarter
    where placed.destination = 'in_marts'
    group by placed.period
    union all
    {{ rows_left_out('security_incident', 'int_incidents_placed') }}
    union all
    select 'complaint', judged.period, 'in_marts', count(*)
    from {{ ref('int_complaints_judged') }} as judged
    inner join region on judged.leaf_code = region.leaf_code
    inner join {{ ref('int_complaint_quarters') }} as quarters
        on
            judged.fiscal_year_be = quarters.fiscal_year_be
            and judged.fiscal_quarter = quarters.fiscal_quarter
            and quarters.area_code = 'SBP'
    group by judged.period
    union all
    {{ rows_left_out('complaint', 'int_complaints_reported') }}
)

select * from accounted
