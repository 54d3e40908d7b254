{# Help given twice: one household, one kind, one month, and two agencies or more. One row is one case. #}
select
    household_key,
    assistance_kind,
    month_first_date,
    fiscal_year_be,
    leaf_code,
    min(period) as period,
    count(distinct agency_id) as agencies,
    count(*) as helps,
    sum(amount_baht) as amount_baht
from {{ ref('int_assistance_given') }}
where destination = 'in_marts' and household_key is not null
group by household_key, assistance_kind, month_first_date, fiscal_year_be, leaf_code
having count(distinct agency_id) > 1
