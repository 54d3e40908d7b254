{#
    Every report on a complaint, with its place. An open complaint is reported again every month under its number: of
    all its reports the latest counts, of two of one month the one received last.
#}
with placed as (
    {{ placed_rows(
        'stg_agencies__complaints', 'agency_id, complaint_no, period', levels=['tambon', 'amphoe', 'province']
    ) }}
),

final as (
    select
        agency_id,
        complaint_no,
        period,
        month_first_date,
        province_code as sender_province_code,
        received_date,
        fiscal_year_be,
        fiscal_quarter,
        channel,
        category,
        place_level,
        leaf_code,
        complaint_status,
        answered_date,
        case
            when rank_of_row > 1 then 'listed_again'
            when month_first_date < max(month_first_date) over (partition by agency_id, complaint_no)
                then 'later_report_counts'
            else 'in_marts'
        end as destination,
        _submission_id,
        _sheet,
        _row
    from placed
)

select * from final
