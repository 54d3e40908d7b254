{#
    Beside each period the last one before it whose files could be read, so that everybody sees whether the agency's
    files get cleaner. A rule that was broken then and is no more has its row too, with zeros.
#}
with by_rule as (
    select * from {{ ref('int_quality_by_rule') }}
),

reports as (
    select * from by_rule
    where issue_code = 'any'
),

read_before as (
    select
        reports.agency_id,
        reports.dataset_id,
        reports.period,
        max(earlier.period) as previous_period
    from reports
    left join reports as earlier
        on
            reports.agency_id = earlier.agency_id
            and reports.dataset_id = earlier.dataset_id
            and reports.period > earlier.period
            and earlier.first_rows is not null
    group by reports.agency_id, reports.dataset_id, reports.period
),

rules as (
    select
        agency_id,
        dataset_id,
        period,
        issue_code
    from by_rule
    union
    select
        read_before.agency_id,
        read_before.dataset_id,
        read_before.period,
        by_rule.issue_code
    from read_before
    inner join by_rule
        on
            read_before.agency_id = by_rule.agency_id
            and read_before.dataset_id = by_rule.dataset_id
            and read_before.previous_period = by_rule.period
),

final as (
    select
        rules.agency_id,
        rules.dataset_id,
        rules.period,
        rules.issue_code,
        coalesce(here.severity, earlier.severity) as severity,
        coalesce(here.files, 0) as files,
        coalesce(here.accepted_files, 0) as accepted_files,
        coalesce(here.rejected_files, 0) as rejected_files,
        -- Nobody looks into these before they are decided.
        case when rules.issue_code = 'any' then here.held_files end as held_files,
        case when rules.issue_code = 'any' then here.withdrawn_files end as withdrawn_files,
        report.first_rows,
        {% for figure in ['error_rows', 'queries', 'repaired_cells'] -%}
            case when report.first_rows is not null then coalesce(here.first_{{ figure }}, 0) end
                as first_{{ figure }},
            case when report.sent_rows is not null then coalesce(here.{{ figure }}, 0) end as {{ figure }},
            case when report_before.first_rows is not null then coalesce(earlier.first_{{ figure }}, 0) end
                as previous_first_{{ figure }},
        {% endfor -%}
        report.sent_rows,
        report.accepted_rows,
        read_before.previous_period,
        report_before.first_rows as previous_first_rows
    from rules
    inner join read_before
        on
            rules.agency_id = read_before.agency_id
            and rules.dataset_id = read_before.dataset_id
            and rules.period = read_before.period
    inner join reports as report
        on
            rules.agency_id = report.agency_id
            and rules.dataset_id = report.dataset_id
            and rules.period = report.period
    left join by_rule as here
        on
            rules.agency_id = here.agency_id
            and rules.dataset_id = here.dataset_id
            and rules.period = here.period
            and rules.issue_code = here.issue_code
    left join reports as report_before
        on
            rules.agency_id = report_before.agency_id
            and rules.dataset_id = report_before.dataset_id
            and read_before.previous_period = report_before.period
    left join by_rule as earlier
        on
            rules.agency_id = earlier.agency_id
            and rules.dataset_id = earlier.dataset_id
            and read_before.previous_period = earlier.period
            and rules.issue_code = earlier.issue_code
)

select * from final
