select
    submission_id,
    code as issue_code,
    severity,
    found
from {{ source('ops', 'findings') }}
