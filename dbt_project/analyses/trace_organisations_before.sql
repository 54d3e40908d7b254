{# Its row in the list of the year before. #}
select
    organisations.fiscal_year_be,
    organisations.organisation_code,
    earlier.member_persons,
    array['member_persons'] as _columns,
    earlier._submission_id,
    earlier._sheet,
    earlier._row
from {{ ref('int_civil_society_organisations_compared') }} as organisations
inner join {{ ref('int_civil_society_organisations_compared') }} as earlier
    on
        organisations.organisation_code = earlier.organisation_code
        and organisations.fiscal_year_be - 1 = earlier.fiscal_year_be
