{# The report on the same quarter of the year before, where the two compare. #}
select
    kpis.fiscal_year_be,
    kpis.fiscal_quarter,
    kpis.agency_id,
    kpis.kpi_code,
    earlier.actual_value,
    array['actual_value'] as _columns,
    earlier._submission_id,
    earlier._sheet,
    earlier._row
from {{ ref('int_kpis_by_quarter') }} as kpis
inner join {{ ref('int_kpis_by_quarter') }} as earlier
    on
        kpis.agency_id = earlier.agency_id
        and kpis.kpi_code = earlier.kpi_code
        and kpis.fiscal_quarter = earlier.fiscal_quarter
        and kpis.fiscal_year_be - 1 = earlier.fiscal_year_be
where earlier.has_report and kpis.is_comparable_with_year_before
