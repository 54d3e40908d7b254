{# The same of the period a period is compared with. #}
select
    compared.agency_id,
    compared.dataset_id,
    compared.period,
    findings.issue_code,
    findings.is_first,
    findings.rows,
    findings.error_rows,
    findings.queries,
    findings.repaired_cells,
    findings.submission_id as _submission_id
from {{ ref('int_quality_compared') }} as compared
inner join {{ ref('int_files_findings') }} as findings
    on
        compared.agency_id = findings.agency_id
        and compared.dataset_id = findings.dataset_id
        and compared.previous_period = findings.period
where compared.issue_code = 'any'
