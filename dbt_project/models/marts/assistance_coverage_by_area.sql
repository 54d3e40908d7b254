with areas as (
    select * from {{ ref('int_areas_unioned') }}
    where not is_remainder
),

needs as (
    select * from {{ ref('int_needs_by_area') }}
),

helps as (
    select * from {{ ref('int_assistance_by_area') }}
),

years as (
    select fiscal_year_be from {{ ref('int_case_quarters') }}
    union
    select fiscal_year_be from {{ ref('int_assistance_given') }}
),

rounds as (
    select
        province_code as area_code,
        fiscal_year_be,
        survey_year_be
    from {{ ref('int_need_rounds_chosen') }}
    union all
    -- The region's, where its provinces agree.
    select
        'SBP',
        fiscal_year_be,
        case when min(survey_year_be) = max(survey_year_be) then min(survey_year_be) end
    from {{ ref('int_need_rounds_chosen') }}
    group by fiscal_year_be
),

-- Every tambon and above in every year, so that a silent one shows; villages where there is anybody.
joined as (
    select
        areas.area_code,
        years.fiscal_year_be,
        areas.area_level,
        areas.province_code,
        rounds.survey_year_be,
        coalesce(reported.reporting_agencies, 0) as reporting_agencies,
        rounds.area_code is not null as is_need_known,
        reported.area_code is not null as is_help_known,
        coalesce(needs.target_poor_households, 0) as target_poor_households,
        coalesce(needs.helped_households, 0) as helped_target_poor_households,
        coalesce(needs.target_poor_persons, 0) as target_poor_persons,
        coalesce(needs.helped_persons, 0) as helped_target_poor_persons,
        coalesce(helps.helps, 0) as helps,
        coalesce(helps.unknown_recipient_helps, 0) as unknown_recipient_helps,
        coalesce(helps.helped_recipients, 0) as helped_recipients,
        coalesce(helps.helped_households, 0) as helped_households,
        coalesce(helps.helped_by_several_households, 0) as helped_by_several_households,
        coalesce(helps.duplicate_help_households, 0) as duplicate_help_households,
        coalesce(helps.duplicate_help_cases, 0) as duplicate_help_cases,
        coalesce(helps.amount_baht, 0) as amount_baht
    from areas
    cross join years
    left join needs on areas.area_code = needs.area_code and years.fiscal_year_be = needs.fiscal_year_be
    left join helps on areas.area_code = helps.area_code and years.fiscal_year_be = helps.fiscal_year_be
    left join rounds
        on coalesce(areas.province_code, 'SBP') = rounds.area_code and years.fiscal_year_be = rounds.fiscal_year_be
    left join {{ ref('int_assistance_reported') }} as reported
        on
            coalesce(areas.province_code, 'SBP') = reported.area_code
            and years.fiscal_year_be = reported.fiscal_year_be
    where areas.area_level != 'village' or needs.area_code is not null or helps.area_code is not null
),

told as (
    select
        area_code,
        fiscal_year_be,
        area_level,
        province_code,
        survey_year_be,
        reporting_agencies,
        {% for unit in ['households', 'persons'] %}
            case when is_need_known then target_poor_{{ unit }} end as target_poor_{{ unit }},
            case when is_need_known and is_help_known then helped_target_poor_{{ unit }} end
                as helped_target_poor_{{ unit }},
            case when is_need_known and is_help_known then target_poor_{{ unit }} - helped_target_poor_{{ unit }} end
                as unhelped_target_poor_{{ unit }},
        {% endfor %}
        helps,
        unknown_recipient_helps,
        helped_recipients,
        helped_households,
        helped_by_several_households,
        duplicate_help_households,
        duplicate_help_cases,
        amount_baht
    from joined
),

final as (
    select
        area_code,
        fiscal_year_be,
        area_level,
        province_code,
        survey_year_be,
        reporting_agencies,
        {% for unit in ['households', 'persons'] %}
            target_poor_{{ unit }},
            helped_target_poor_{{ unit }},
            unhelped_target_poor_{{ unit }},
            {{ share_pct('helped_target_poor_' ~ unit, 'target_poor_' ~ unit) }} as helped_target_poor_{{ unit }}_pct,
        {% endfor %}
        helps,
        unknown_recipient_helps,
        helped_recipients,
        helped_households,
        helped_by_several_households,
        duplicate_help_households,
        duplicate_help_cases,
        cast(amount_baht as numeric(16, 2)) as amount_baht
    from told
)

select * from final
