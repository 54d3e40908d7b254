with kpis as (
    select * from {{ ref('int_kpis_by_quarter') }}
),

agencies as (
    select * from {{ ref('agencies') }}
),

final as (
    select
        kpis.fiscal_year_be,
        kpis.fiscal_quarter,
        kpis.agency_id,
        kpis.kpi_code,
        {{ cumulative_months('kpis.fiscal_quarter') }} as cumulative_months,
        agencies.name_th as agency_name_th,
        agencies.name_en as agency_name_en,
        kpis.kpi_name,
        kpis.definition_version,
        kpis.unit,
        kpis.direction,
        cast(kpis.baseline_value as numeric(16, 4)) as baseline_value,
        cast(kpis.target_value as numeric(16, 4)) as target_value,
        cast(kpis.actual_value as numeric(16, 4)) as actual_value,
        cast(kpis.achieved_pct as numeric(24, 1)) as achieved_pct,
        kpis.outcome,
        kpis.is_comparable_with_year_before,
        cast(kpis.actual_year_before_value as numeric(16, 4)) as actual_year_before_value,
        cast(kpis.change_value as numeric(17, 4)) as change_value,
        kpis.evidence,
        kpis.lesson_learnt
    from kpis
    left join agencies on kpis.agency_id = agencies.agency_id
)

select * from final
