with submitted as (
    {{ submitted('security_incident') }}
)

select
    tambon_code as place_tambon_code,
    incident_kind,
    {{ month_columns() }},
    incidents,
    hurt_persons,
    killed_persons,
    {{ sent_columns() }}
from submitted
