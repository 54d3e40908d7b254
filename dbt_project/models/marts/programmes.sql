select
    programme_id,
    programme_order,
    name_th,
    name_en,
    areas_th,
    areas_en,
    first_fiscal_year_be,
    is_provisional
from {{ ref('programmes_listed') }}
