{# The row of a file of each help, in every area that holds the household or person it reached. #}
select
    nested.area_code,
    given.fiscal_year_be,
    given.month_first_date,
    given.household_key,
    given.recipient_id,
    given.assistance_kind,
    given.amount_baht,
    given.is_recipient_known,
    coalesce(households.agencies > 1, false) as is_by_several,
    duplicates.household_key is not null as is_duplicate,
    needs.household_key is not null as is_household_in_need,
    array['house_code', 'person_id', 'assistance_kind'] as _columns,
    given._submission_id,
    given._sheet,
    given._row
from {{ ref('int_assistance_given') }} as given
inner join {{ ref('int_areas_nested') }} as nested on given.leaf_code = nested.leaf_code
left join {{ ref('int_assistance_households') }} as households
    on given.household_key = households.household_key and given.fiscal_year_be = households.fiscal_year_be
left join {{ ref('int_assistance_duplicates') }} as duplicates
    on
        given.household_key = duplicates.household_key
        and given.assistance_kind = duplicates.assistance_kind
        and given.month_first_date = duplicates.month_first_date
left join {{ ref('int_households_in_need') }} as needs
    on given.household_key = needs.household_key and given.fiscal_year_be = needs.fiscal_year_be
where given.destination = 'in_marts'
