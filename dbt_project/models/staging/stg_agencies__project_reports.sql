with submitted as (
    {{ submitted('project_progress') }}
)

select
    project_code,
    {{ month_columns('month_date') }},
    disbursed_cumulative_baht,
    disbursed_month_baht,
    committed_cumulative_baht,
    committed_month_baht,
    physical_progress_pct,
    outputs,
    obstacles,
    next_step,
    {{ sent_columns() }}
from submitted
