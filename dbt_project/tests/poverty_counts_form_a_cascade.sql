{# Target poor are registered, registered poor are surveyed poor, surveyed poor are people; no dimension exceeds any. #}
select
    area_code,
    survey_year_be
from {{ ref('poverty_by_area') }}
where
    target_poor_persons > registered_poor_persons
    or registered_poor_persons > surveyed_poor_persons
    or surveyed_poor_persons > surveyed_persons
    or target_poor_households > any_poor_households
    or any_poor_households > surveyed_households
    or any_poor_households < greatest(
        health_poor_households,
        living_poor_households,
        education_poor_households,
        income_poor_households,
        access_poor_households
    )
