with compared as (
    select * from {{ ref('int_quality_compared') }}
),

rated as (
    select
        *,
        {{ share_pct('first_error_rows', 'first_rows') }} as first_error_rows_pct,
        {{ share_pct('error_rows', 'sent_rows') }} as error_rows_pct,
        {{ share_pct('previous_first_error_rows', 'previous_first_rows') }} as previous_first_error_rows_pct,
        {% for figure in ['queries', 'repaired_cells'] -%}
            {{ per_100_rows('first_' ~ figure, 'first_rows') }} as first_{{ figure }}_per_100_rows,
            {{ per_100_rows(figure, 'sent_rows') }} as {{ figure }}_per_100_rows,
            {{ per_100_rows('previous_first_' ~ figure, 'previous_first_rows') }}
                as previous_first_{{ figure }}_per_100_rows
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from compared
),

final as (
    select
        rated.agency_id,
        rated.dataset_id,
        rated.period,
        rated.issue_code,
        agencies.agency_kind,
        agencies.province_code,
        agencies.name_th as agency_name_th,
        agencies.name_en as agency_name_en,
        datasets.label_th as dataset_name_th,
        datasets.label_en as dataset_name_en,
        rated.severity as issue_severity,
        coalesce(codes.title_th, 'ทุกข้อรวมกัน') as issue_title_th,
        coalesce(codes.title_en, 'All rules together') as issue_title_en,
        rated.files,
        rated.accepted_files,
        rated.rejected_files,
        rated.held_files,
        rated.withdrawn_files,
        cast(rated.first_rows as bigint) as first_rows,
        cast(rated.first_error_rows as bigint) as first_error_rows,
        rated.first_error_rows_pct,
        cast(rated.first_queries as bigint) as first_queries,
        rated.first_queries_per_100_rows,
        cast(rated.first_repaired_cells as bigint) as first_repaired_cells,
        rated.first_repaired_cells_per_100_rows,
        cast(rated.sent_rows as bigint) as sent_rows,
        cast(rated.accepted_rows as bigint) as accepted_rows,
        cast(rated.error_rows as bigint) as error_rows,
        rated.error_rows_pct,
        cast(rated.queries as bigint) as queries,
        rated.queries_per_100_rows,
        cast(rated.repaired_cells as bigint) as repaired_cells,
        rated.repaired_cells_per_100_rows,
        rated.previous_period,
        cast(rated.previous_first_rows as bigint) as previous_first_rows,
        cast(rated.previous_first_error_rows as bigint) as previous_first_error_rows,
        rated.previous_first_error_rows_pct,
        rated.previous_first_queries_per_100_rows,
        rated.previous_first_repaired_cells_per_100_rows,
        cast(rated.first_error_rows_pct - rated.previous_first_error_rows_pct as numeric(6, 1))
            as change_first_error_rows_pct_points,
        cast(rated.first_queries_per_100_rows - rated.previous_first_queries_per_100_rows as numeric(10, 1))
            as change_first_queries_per_100_rows,
        cast(
            rated.first_repaired_cells_per_100_rows - rated.previous_first_repaired_cells_per_100_rows
            as numeric(10, 1)
        ) as change_first_repaired_cells_per_100_rows
    from rated
    inner join {{ ref('agencies') }} as agencies on rated.agency_id = agencies.agency_id
    inner join {{ ref('datasets') }} as datasets on rated.dataset_id = datasets.dataset_id
    left join {{ ref('issue_codes') }} as codes on rated.issue_code = codes.issue_code
)

select * from final
