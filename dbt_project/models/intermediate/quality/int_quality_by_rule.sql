{#
    The files of an agency, dataset and period together, by rule: as they first came (`first_…`), and those that count
    now. Unknown where no file could be read, or none counts.
#}
with findings as (
    select * from {{ ref('int_files_findings') }}
),

final as (
    select
        agency_id,
        dataset_id,
        period,
        issue_code,
        min(severity) as severity,
        count(*) as files,
        count(*) filter (where outcome = 'accepted') as accepted_files,
        count(*) filter (where outcome = 'rejected') as rejected_files,
        count(*) filter (where outcome = 'held') as held_files,
        count(*) filter (where outcome = 'withdrawn') as withdrawn_files,
        sum(rows) filter (where is_first) as first_rows,
        sum(error_rows) filter (where is_first) as first_error_rows,
        sum(queries) filter (where is_first) as first_queries,
        sum(repaired_cells) filter (where is_first) as first_repaired_cells,
        sum(rows) filter (where is_in_release) as sent_rows,
        sum(accepted_rows) filter (where is_in_release) as accepted_rows,
        sum(error_rows) filter (where is_in_release) as error_rows,
        sum(queries) filter (where is_in_release) as queries,
        sum(repaired_cells) filter (where is_in_release) as repaired_cells
    from findings
    group by agency_id, dataset_id, period, issue_code
)

select * from final
