{# An area is what its kind says: a code or a name that does not belong to the kind is not read. #}
with submitted as (
    {{ submitted('programme_area') }}
)

select
    programme as programme_id,
    cast(_period as integer) as fiscal_year_be,
    area_kind,
    tambon_code as place_tambon_code,
    case when area_kind = 'village' then village_code end as place_village_code,
    case when area_kind = 'community' then community_name else '' end as community_name,
    joined_date,
    stage,
    is_committee_active,
    is_council_active,
    {{ sent_columns() }}
from submitted
