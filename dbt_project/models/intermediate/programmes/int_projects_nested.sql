{#
    Every area a project counts in: the area it was given for and all that hold it (`whole`); and once more as the part
    of its own area that no smaller one has (`remainder`), so that children and remainder add up to the whole. An area
    group stands beside the areas: it is no parent of any.
#}
with projects as (
    select
        listed.*,
        coalesce(listed.village_code, listed.tambon_code, listed.amphoe_code, listed.province_code, 'SBP') as home_code
    from {{ ref('int_projects_listed') }} as listed
),

final as (
    select
        projects.fiscal_year_be,
        projects.agency_id,
        projects.project_code,
        containing.area_code,
        containing.area_level,
        containing.portion
    from projects
    cross join
        lateral (
            values
            (projects.village_code, 'village', 'whole'),
            (projects.tambon_code, 'tambon', 'whole'),
            (projects.amphoe_code, 'amphoe', 'whole'),
            (projects.province_code, 'province', 'whole'),
            ('SBP', 'region', 'whole'),
            (projects.area_group_code, 'area_group', 'whole'),
            (
                case when projects.village_code is null then projects.home_code end,
                case
                    when projects.tambon_code is not null then 'tambon'
                    when projects.amphoe_code is not null then 'amphoe'
                    when projects.province_code is not null then 'province'
                    else 'region'
                end,
                'remainder'
            )
        ) as containing (area_code, area_level, portion)
    where containing.area_code is not null
)

select * from final
