{%- set measures = [
    'received_complaints', 'answered_complaints', 'answered_in_time_complaints', 'open_complaints',
    'referred_complaints', 'overdue_complaints', 'mobile_complaints'
] -%}
with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where area_level <> 'village'
),

quarters as (
    select * from {{ ref('int_complaint_quarters') }}
),

categories as (
    select * from {{ ref('complaint_standards') }}
),

complaints as (
    select * from {{ ref('int_complaints_by_area') }}
),

-- Every category of every tambon and above; where no month of the quarter was reported, nothing but what is known.
counted as (
    select
        areas.area_code,
        quarters.fiscal_year_be,
        quarters.fiscal_quarter,
        categories.category,
        areas.area_level,
        areas.province_code,
        categories.label_th as category_th,
        categories.label_en as category_en,
        categories.due_days,
        quarters.reported_months,
        {% for measure in measures %}
            coalesce(complaints.{{ measure }}, case when quarters.is_known then 0 end) as {{ measure }},
        {% endfor %}
        complaints.days_to_answer
    from areas
    inner join quarters on coalesce(areas.province_code, 'SBP') = quarters.area_code
    cross join categories
    left join complaints
        on
            areas.area_code = complaints.area_code
            and quarters.fiscal_year_be = complaints.fiscal_year_be
            and quarters.fiscal_quarter = complaints.fiscal_quarter
            and categories.category = complaints.category
),

final as (
    select
        area_code,
        fiscal_year_be,
        fiscal_quarter,
        category,
        area_level,
        province_code,
        category_th,
        category_en,
        due_days,
        reported_months,
        received_complaints,
        answered_complaints,
        referred_complaints,
        open_complaints,
        overdue_complaints,
        answered_in_time_complaints,
        {{ share_pct('answered_in_time_complaints', 'answered_complaints') }} as answered_in_time_complaints_pct,
        cast(round(1.0 * days_to_answer / nullif(answered_complaints, 0), 1) as numeric(7, 1))
            as mean_days_to_answer,
        mobile_complaints
    from counted
)

select * from final
