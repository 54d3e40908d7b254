select
    accounted.dataset_id,
    accounted.period,
    accounted.destination,
    destinations.is_counted,
    destinations.label_th as destination_th,
    destinations.label_en as destination_en,
    accounted.accounted_rows
from {{ ref('int_rows_accounted') }} as accounted
left join {{ ref('row_destinations') }} as destinations
    on accounted.dataset_id = destinations.dataset_id and accounted.destination = destinations.destination
