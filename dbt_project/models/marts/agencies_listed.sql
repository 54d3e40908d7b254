{# The mart is called agencies, as is the seed that intake reads too; names of models and seeds are one list to dbt. #}
{{ config(alias='agencies') }}
with owed as (
    select
        agency_kind,
        string_agg(distinct dataset_id, ', ' order by dataset_id) as owed_datasets
    from {{ ref('obligations') }}
    group by agency_kind
)

select
    agencies.agency_id,
    agencies.agency_kind,
    agencies.province_code,
    agencies.name_th,
    agencies.name_en,
    agencies.province_code is null as is_regional,
    owed.owed_datasets
from {{ ref('agencies') }} as agencies
left join owed on agencies.agency_kind = owed.agency_kind
