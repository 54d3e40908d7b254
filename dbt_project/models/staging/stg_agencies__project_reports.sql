with submitted as (
    {{ submitted('project_progress') }}
),

dated as (
    select
        submitted.*,
        {{ month_first_date('submitted._period') }} as month_date
    from submitted
),

final as (
    select
        dated.project_code,
        dated._agency_id as agency_id,
        dated._province_code as province_code,
        dated._period as period,
        dated.month_date,
        {{ fiscal_year_be('dated.month_date') }} as fiscal_year_be,
        {{ fiscal_quarter('dated.month_date') }} as fiscal_quarter,
        dated.disbursed_cumulative_baht,
        dated.disbursed_month_baht,
        dated.committed_cumulative_baht,
        dated.committed_month_baht,
        dated.physical_progress_pct,
        dated.outputs,
        dated.obstacles,
        dated.next_step,
        dated._submission_id,
        dated._sheet,
        dated._row
    from dated
)

select * from final
