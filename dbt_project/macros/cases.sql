{# Day of a list written as its folder is, 2564-12-31. #}
{% macro list_date(period) -%}
    make_date(
        cast(left({{ period }}, 4) as integer) - 543,
        cast(substr({{ period }}, 6, 2) as integer),
        cast(substr({{ period }}, 9, 2) as integer)
    )
{%- endmacro %}

{#
    Where somebody stands whom a file names: where the latest survey found the household, else in the tambon the rows
    of that household give (the lowest code, should they differ), else in the sender's province, else in the region.
    Joins: `latest` = int_households_latest, `codes` = int_tambon_codes.
#}
{% macro leaf_of_named(rows, named) -%}
    coalesce(
        latest.leaf_code,
        min({{ leaf_code('null', 'codes.tambon_code', rows ~ '.province_code') }}) over (partition by {{ named }}),
        'SBP000000'
    )
{%- endmacro %}

{#
    Rows of a list of households, each with its place and whether a survey knows the household. Of several rows for one
    thing, which the columns `once` name, the one received last has rank_of_row 1.
#}
{% macro located_households(staging, once) -%}
    select
        listed.*,
        latest.household_key is not null as is_household_known,
        {{ leaf_of_named('listed', 'listed.household_key') }} as leaf_code
    from (
        select
            *,
            {{ last_received(once) }} as rank_of_row
        from {{ ref(staging) }}
    ) as listed
    left join {{ ref('int_households_latest') }} as latest on listed.household_key = latest.household_key
    left join {{ ref('int_tambon_codes') }} as codes on listed.tambon_code = codes.code
{%- endmacro %}

{# The newest quarter that lists of officials or visits tell of. #}
{% macro newest_quarter() -%}
    select
        fiscal_year_be,
        fiscal_quarter
    from {{ ref('int_case_quarters') }}
    order by first_date desc
    limit 1
{%- endmacro %}

{# Households somebody looks after in it. #}
{% macro cases_of_newest_quarter() -%}
    select cases.*
    from {{ ref('int_case_households') }} as cases
    inner join ({{ newest_quarter() | indent(4) }}) as newest
        on cases.fiscal_year_be = newest.fiscal_year_be and cases.fiscal_quarter = newest.fiscal_quarter
{%- endmacro %}

{# Whom help names in a fiscal year: people, and households as a whole, which is help for everybody in them. #}
{% macro helped_people() -%}
    select distinct
        fiscal_year_be,
        person_id
    from {{ ref('int_assistance_given') }}
    where destination = 'in_marts' and is_recipient_known and person_id is not null
{%- endmacro %}

{% macro helped_as_household() -%}
    select distinct
        fiscal_year_be,
        household_key
    from {{ ref('int_assistance_given') }}
    where destination = 'in_marts' and is_recipient_known and recipient_kind = 'household'
{%- endmacro %}

{# The last value of a column among the visits of a household, by their day and number; `where`: which visits tell. #}
{% macro last_of_visits(column, where='true') -%}
    (array_agg(
        visits.{{ column }} order by visits.visit_date desc nulls last, visits.visit_no desc, visits._submission_id desc,
        visits._sheet asc, visits._row asc
    ) filter (where {{ where }}))[1]
{%- endmacro %}

{# One source of a union of counts by place and quarter: the measures it tells, and 0 for those that others tell. #}
{% macro told_of(source, told, measures) -%}
    select
        leaf_code,
        fiscal_year_be,
        fiscal_quarter
        {%- for measure in measures %},
        {{ measure if measure in told else '0' }} as {{ measure }}
        {%- endfor %}
    from {{ source }}
{%- endmacro %}

{# What is counted of the households somebody looks after, over int_case_households; the same by area and by agency. #}
{% macro counts_of_cases() -%}
    count(*) as assigned_households,
    count(*) filter (where not is_household_known) as unknown_assigned_households,
    count(*) filter (where active_officials > 1) as several_officials_households,
    count(*) filter (where is_visited_in_quarter) as visited_quarter_households,
    count(*) filter (where is_visited_in_year) as visited_year_households,
    count(*) filter (where visits = 0) as never_visited_households,
    count(*) filter (where is_overdue) as overdue_households,
    count(*) filter (where living_stage = 'survival') as survival_households,
    count(*) filter (where living_stage = 'sufficient') as sufficient_households,
    count(*) filter (where living_stage = 'sustainable') as sustainable_households,
    count(*) filter (where has_left_poverty) as left_poverty_households,
    count(*) filter (where has_fallen_back) as fell_back_households,
    count(*) filter (where is_not_poor) as not_poor_households
{%- endmacro %}
