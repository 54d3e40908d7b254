{#
    The KPIs of each fiscal year as last defined in it. Two years compare only where the version of the definition, the
    unit and the direction are the same.
#}
with reports as (
    select * from {{ ref('int_kpi_reports_ranked') }}
    where destination = 'in_marts'
),

by_year as (
    select
        fiscal_year_be,
        agency_id,
        kpi_code,
        (array_agg(kpi_name order by fiscal_quarter desc))[1] as kpi_name,
        (array_agg(definition_version order by fiscal_quarter desc))[1] as definition_version,
        (array_agg(unit order by fiscal_quarter desc))[1] as unit,
        (array_agg(direction order by fiscal_quarter desc))[1] as direction,
        count(distinct definition_version) > 1 or count(distinct unit) > 1 or count(distinct direction) > 1
            as has_changed_in_year
    from reports
    group by fiscal_year_be, agency_id, kpi_code
),

final as (
    select
        by_year.*,
        coalesce(
            not by_year.has_changed_in_year
            and not earlier.has_changed_in_year
            and by_year.definition_version = earlier.definition_version
            and by_year.unit = earlier.unit
            and by_year.direction = earlier.direction,
            false
        ) as is_comparable_with_year_before
    from by_year
    left join by_year as earlier
        on
            by_year.agency_id = earlier.agency_id
            and by_year.kpi_code = earlier.kpi_code
            and by_year.fiscal_year_be - 1 = earlier.fiscal_year_be
)

select * from final
