select
    scheme_id,
    survey_year_be,
    indicator_id,
    scheme_th,
    scheme_en,
    measured_from,
    unit_kind,
    dimension,
    item_no,
    label_th,
    label_en,
    cast(weight_share as numeric(9, 6)) as weight_share,
    cast(cutoff as numeric(18, 4)) as cutoff,
    deprived_when,
    rule,
    cast(poverty_cutoff as numeric(9, 6)) as poverty_cutoff,
    is_provisional
from {{ ref('int_indicators_unioned') }}
