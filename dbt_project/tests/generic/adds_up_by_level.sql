{# Additive measures: villages and remainders add up to tambon, these to amphoe, province and the region, every year. #}
{% test adds_up_by_level(model, year_column, measures) %}
with tested as (
    select * from {{ model }}
),

figures as (
    select
        figures.*,
        areas.parent_code,
        areas.area_level
    from tested as figures
    inner join {{ ref('int_areas_unioned') }} as areas on figures.area_code = areas.area_code
),

children as (
    select
        parent_code,
        {{ year_column }}
        {% for measure in measures -%}
        , sum({{ measure }}) as {{ measure }}
        {% endfor %}
    from figures
    group by parent_code, {{ year_column }}
)

select figures.area_code
from figures
left join children
    on figures.area_code = children.parent_code and figures.{{ year_column }} = children.{{ year_column }}
where
    figures.area_level != 'village'
    and (
        {% for measure in measures -%}
        {{ 'or ' if not loop.first }}figures.{{ measure }} is distinct from children.{{ measure }}
        {% endfor %}
    )
{% endtest %}
