{# Help by where those it reached live; every measure adds up from there. #}
with nested as (
    select * from {{ ref('int_areas_nested') }}
),

helps as (
    select
        leaf_code,
        fiscal_year_be,
        count(*) as helps,
        count(*) filter (where not is_recipient_known) as unknown_recipient_helps,
        count(distinct recipient_id) as helped_recipients,
        coalesce(sum(amount_baht), 0) as amount_baht
    from {{ ref('int_assistance_given') }}
    where destination = 'in_marts'
    group by leaf_code, fiscal_year_be
),

households as (
    select
        leaf_code,
        fiscal_year_be,
        count(*) as helped_households,
        count(*) filter (where agencies > 1) as helped_by_several_households
    from {{ ref('int_assistance_households') }}
    where is_household_known
    group by leaf_code, fiscal_year_be
),

duplicates as (
    select
        leaf_code,
        fiscal_year_be,
        count(distinct household_key) as duplicate_help_households,
        count(*) as duplicate_help_cases
    from {{ ref('int_assistance_duplicates') }}
    group by leaf_code, fiscal_year_be
),

by_leaf as (
    select
        helps.leaf_code,
        helps.fiscal_year_be,
        helps.helps,
        helps.unknown_recipient_helps,
        helps.helped_recipients,
        helps.amount_baht,
        coalesce(households.helped_households, 0) as helped_households,
        coalesce(households.helped_by_several_households, 0) as helped_by_several_households,
        coalesce(duplicates.duplicate_help_households, 0) as duplicate_help_households,
        coalesce(duplicates.duplicate_help_cases, 0) as duplicate_help_cases
    from helps
    left join households
        on helps.leaf_code = households.leaf_code and helps.fiscal_year_be = households.fiscal_year_be
    left join duplicates
        on helps.leaf_code = duplicates.leaf_code and helps.fiscal_year_be = duplicates.fiscal_year_be
),

final as (
    select
        nested.area_code,
        by_leaf.fiscal_year_be,
        {% for measure in [
            'helps', 'unknown_recipient_helps', 'helped_recipients', 'helped_households',
            'helped_by_several_households', 'duplicate_help_households', 'duplicate_help_cases'
        ] %}
            cast(sum(by_leaf.{{ measure }}) as bigint) as {{ measure }},
        {% endfor %}
        sum(by_leaf.amount_baht) as amount_baht
    from by_leaf
    inner join nested on by_leaf.leaf_code = nested.leaf_code
    group by nested.area_code, by_leaf.fiscal_year_be
)

select * from final
