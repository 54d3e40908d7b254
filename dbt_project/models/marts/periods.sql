with periods as (
    select
        period_kind,
        period,
        first_date,
        last_date
    from {{ ref('int_periods') }}
    union all
    -- What a KPI report of a quarter tells: the fiscal year up to then.
    select
        'fiscal_year_to_date',
        period,
        make_date(cast(left(period, 4) as integer) - 544, 10, 1),
        last_date
    from {{ ref('int_periods') }}
    where period_kind = 'fiscal_quarter'
),

numbered as (
    select
        *,
        cast(left(period, 4) as integer) as year_be,
        {{ fiscal_year_be('last_date') }} as last_fiscal_year_be,
        {{ fiscal_quarter('last_date') }} as last_fiscal_quarter,
        period_kind in ('fiscal_quarter', 'fiscal_year_to_date', 'calendar_month', 'as_of_date') as is_within_quarter
    from periods
)

select
    period_kind,
    period,
    case period_kind
        when 'calendar_year' then 'ปีปฏิทิน พ.ศ. ' || period
        when 'survey_round' then 'ปีสำรวจ จปฐ. พ.ศ. ' || period
        when 'fiscal_year' then 'ปีงบประมาณ พ.ศ. ' || period
        when 'academic_year' then 'ปีการศึกษา ' || period
        when 'fiscal_quarter' then 'ไตรมาส ' || last_fiscal_quarter || ' ปีงบประมาณ พ.ศ. ' || year_be
        when 'fiscal_year_to_date'
            then 'สะสม ' || {{ cumulative_months('last_fiscal_quarter') }} || ' เดือน ปีงบประมาณ พ.ศ. ' || year_be
        when 'calendar_month' then {{ month_in_thai('first_date') }}
        when 'as_of_date' then 'ณ ' || {{ date_in_thai('last_date') }}
    end as label_th,
    case period_kind
        when 'calendar_year' then 'Calendar year ' || period
        when 'survey_round' then 'Survey year ' || period
        when 'fiscal_year' then 'Fiscal year ' || period
        when 'academic_year' then 'Academic year ' || period
        when 'fiscal_quarter' then 'Quarter ' || last_fiscal_quarter || ' of fiscal year ' || year_be
        when 'fiscal_year_to_date'
            then 'First ' || {{ cumulative_months('last_fiscal_quarter') }} || ' months of fiscal year ' || year_be
        when 'calendar_month' then to_char(first_date, 'FMMonth ') || year_be
        when 'as_of_date' then 'As of ' || {{ date_in_english('last_date') }}
    end as label_en,
    first_date,
    last_date,
    case when period_kind = 'fiscal_year' or is_within_quarter then last_fiscal_year_be end as fiscal_year_be,
    case when is_within_quarter then last_fiscal_quarter end as fiscal_quarter,
    case when period_kind = 'fiscal_year_to_date' then {{ cumulative_months('last_fiscal_quarter') }} end
        as cumulative_months,
    case
        when extract(year from first_date) = extract(year from last_date)
            then cast(extract(year from last_date) as integer) + 543
    end as calendar_year_be,
    case when period_kind = 'academic_year' then year_be end as academic_year_be,
    case when period_kind = 'survey_round' then year_be end as survey_year_be
from numbered
