select
    dataset_id,
    cast(since at time zone 'Asia/Bangkok' as date) as since_date
from {{ source('ops', 'release_held_back') }}
where release_id = {{ release_id() }}
