{# Help that reached a household in a fiscal year: directly, or through a person of it. #}
select
    fiscal_year_be,
    household_key,
    leaf_code,
    bool_or(is_recipient_known) as is_household_known,
    count(distinct agency_id) as agencies,
    count(*) as helps,
    sum(amount_baht) as amount_baht,
    max(given_date) as last_given_date
from {{ ref('int_assistance_given') }}
where destination = 'in_marts' and household_key is not null
group by fiscal_year_be, household_key, leaf_code
