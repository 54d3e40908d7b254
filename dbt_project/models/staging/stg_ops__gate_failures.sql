select
    expectation_id,
    mart,
    severity,
    title_th,
    title_en
from {{ source('ops', 'gate_results') }}
where
    release_id = {{ release_id() }}
    and not success
