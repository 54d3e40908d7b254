{#
    The row of a file that each surveyed household comes from, in every area that holds it, with what it was judged to
    be. <dimension>_columns: the answers the scheme of the year looks at.
#}
{%- set dimensions = ['health', 'living', 'education', 'income', 'access'] -%}
with households as (
    select * from {{ ref('int_households_classified') }}
),

located as (
    select * from {{ ref('int_households_located') }}
),

nested as (
    select * from {{ ref('int_areas_nested') }}
),

with_persons as (
    select
        household_key,
        survey_year_be,
        bool_or(is_registered_poor) as is_registered_poor,
        bool_or(is_target_poor) as is_target_poor
    from {{ ref('int_persons_classified') }}
    group by household_key, survey_year_be
),

looked_at as (
    select
        items.survey_year_be,
        items.dimension,
        'item_' || lpad(cast(items.item_no as text), 2, '0') as column_name
    from {{ ref('poverty_scheme_items') }} as items
    where items.scheme_id = '{{ var("poverty_scheme") }}'
    union
    select
        items.survey_year_be,
        items.dimension,
        'income_per_person_baht'
    from {{ ref('poverty_scheme_items') }} as items
    inner join {{ ref('income_lines') }} as income_lines
        on
            items.survey_year_be = income_lines.survey_year_be
            and items.survey_round = income_lines.survey_round
            and items.item_no = income_lines.item_no
    where items.scheme_id = '{{ var("poverty_scheme") }}'
),

by_year as (
    select
        survey_year_be,
        {% for dimension in dimensions %}
            array_agg(column_name) filter (where dimension = '{{ dimension }}') as {{ dimension }}_columns,
        {% endfor %}
        array_agg(distinct column_name) as any_columns
    from looked_at
    group by survey_year_be
)

select
    nested.area_code,
    households.survey_year_be,
    households.is_any_poor,
    {% for dimension in dimensions %}
        households.is_{{ dimension }}_poor,
        by_year.{{ dimension }}_columns,
    {% endfor %}
    by_year.any_columns,
    with_persons.household_key is not null as has_persons,
    coalesce(with_persons.is_registered_poor, false) as is_registered_poor,
    coalesce(with_persons.is_target_poor, false) as is_target_poor,
    array['house_code'] as _columns,
    located._submission_id,
    located._sheet,
    located._row
from households
inner join located
    on
        households.household_key = located.household_key
        and households.survey_year_be = located.survey_year_be
inner join nested on households.leaf_code = nested.leaf_code
left join with_persons
    on
        households.household_key = with_persons.household_key
        and households.survey_year_be = with_persons.survey_year_be
left join by_year on households.survey_year_be = by_year.survey_year_be
