{# The mart is called village_criteria, as is the seed; names of models and seeds are one list to dbt. #}
{{ config(alias='village_criteria') }}
select
    criterion_id,
    from_fiscal_year_be,
    criterion_order,
    label_th,
    label_en,
    weight,
    is_provisional
from {{ ref('village_criteria') }}
