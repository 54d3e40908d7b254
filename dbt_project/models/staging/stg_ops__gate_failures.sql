select
    expectation_id,
    mart,
    severity,
    title_th,
    title_en,
    observed
from {{ source('ops', 'gate_results') }}
where
    release_id = {{ release_id() }}
    and not success
