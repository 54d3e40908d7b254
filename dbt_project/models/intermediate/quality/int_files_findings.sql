{#
    What was found in each file, one row per file and rule, and one row 'any' per file with everything. Findings that
    depend on what else had come by then (references, doubts about a revision) say nothing of the file and are left out.
#}
with files as (
    select * from {{ ref('int_files_judged') }}
),

findings as (
    select
        found.submission_id,
        found.issue_code,
        coalesce(sum(found.found) filter (where found.severity = 'error'), 0) as error_rows,
        coalesce(sum(found.found) filter (where found.severity = 'query'), 0) as queries,
        coalesce(sum(found.found) filter (where found.severity = 'repaired'), 0) as repaired_cells,
        -- A contract may ask where others refuse: the worst that was said.
        min(found.severity) as severity
    from {{ ref('stg_ops__findings') }} as found
    inner join {{ ref('issue_codes') }} as codes on found.issue_code = codes.issue_code
    where codes.about = 'file'
    group by found.submission_id, found.issue_code
),

found_in_file as (
    select
        submission_id,
        sum(queries) as queries,
        sum(repaired_cells) as repaired_cells
    from findings
    group by submission_id
),

by_rule as (
    select
        findings.submission_id,
        findings.issue_code,
        findings.severity,
        findings.error_rows,
        findings.queries,
        findings.repaired_cells
    from findings
    inner join files on findings.submission_id = files.submission_id
    where files.is_looked_into
    union all
    select
        files.submission_id,
        'any',
        null,
        case when files.is_looked_into then files.rejected_rows end,
        case when files.is_looked_into then coalesce(found_in_file.queries, 0) end,
        case when files.is_looked_into then coalesce(found_in_file.repaired_cells, 0) end
    from files
    left join found_in_file on files.submission_id = found_in_file.submission_id
),

final as (
    select
        files.submission_id,
        files.agency_id,
        files.dataset_id,
        files.period,
        files.outcome,
        files.is_first,
        files.is_in_release,
        files.rows,
        files.accepted_rows,
        by_rule.issue_code,
        by_rule.severity,
        by_rule.error_rows,
        by_rule.queries,
        by_rule.repaired_cells
    from files
    inner join by_rule on files.submission_id = by_rule.submission_id
)

select * from final
