{#
    Rows of a list about places, each at the lowest place it was given for: `place_code`, `place_level`, and `leaf_code`,
    from where figures are added up (int_areas_nested): the village, or the remainder of what was named. A village decides
    about its tambon, a tambon about its amphoe, retired codes count as what they became; a code nobody knows falls back
    to what holds it, in the end to the sender's province and the region. Of several rows for one thing, which the columns
    `once` name, the one received last has rank_of_row 1.

    A group of areas stays a group, unless it spans provinces and one of them is named, and adds up in what holds all of
    it: its one province, or the region.

    `levels`: which of place_village_code, place_tambon_code, place_amphoe_code, place_province_code,
    place_area_group_code the staging model has.
#}
{% macro placed_rows(staging, once, levels=['tambon']) -%}
    {%- set has_groups = 'area_group' in levels -%}
    {%- set given = {} -%}
    {%- for level in ['village', 'tambon', 'amphoe', 'province'] -%}
        {%- do given.update({level: 'listed.place_' ~ level ~ '_code' if level in levels else 'cast(null as text)'}) -%}
    {%- endfor -%}
    select
        placed.*,
        case
            when placed.place_code = 'SBP' then 'region'
            {%- if has_groups %}
            when placed.place_code = placed.known_area_group_code then 'area_group'
            {%- endif %}
            when length(placed.place_code) = 2 then 'province'
            when length(placed.place_code) = 4 then 'amphoe'
            when length(placed.place_code) = 6 then 'tambon'
            else 'village'
        end as place_level,
        case
            when placed.place_code = 'SBP' then 'SBP000000'
            {%- if has_groups %}
            when placed.place_code = placed.known_area_group_code
                then coalesce(placed.group_province_code || '000000', 'SBP000000')
            {%- endif %}
            else rpad(placed.place_code, 8, '0')
        end as leaf_code
    from (
        select
            listed.*,
            {%- if has_groups %}
            area_groups.area_group_code as known_area_group_code,
            area_groups.province_code as group_province_code,
            {%- endif %}
            coalesce(
                villages.village_code,
                codes.tambon_code,
                amphoe.amphoe_code,
                {%- if has_groups %}
                case
                    when area_groups.province_code is not null or provinces.province_code is null
                        then area_groups.area_group_code
                end,
                {%- endif %}
                provinces.province_code,
                listed.province_code,
                'SBP'
            ) as place_code,
            {{ last_received(once) }} as rank_of_row
        from {{ ref(staging) }} as listed
        left join {{ ref('villages') }} as villages
            on {{ given.village }} = villages.village_code
        left join (
            select
                code,
                min(tambon_code) as tambon_code
            from {{ ref('int_tambon_codes') }}
            group by code
        ) as codes
            on coalesce(villages.tambon_code, {{ given.tambon }}, left({{ given.village }}, 6)) = codes.code
        left join {{ ref('amphoe') }} as amphoe
            on
                coalesce({{ given.amphoe }}, left({{ given.tambon }}, 4), left({{ given.village }}, 4))
                = amphoe.amphoe_code
        left join {{ ref('provinces') }} as provinces
            on
                coalesce(
                    {{ given.province }},
                    left({{ given.amphoe }}, 2),
                    left({{ given.tambon }}, 2),
                    left({{ given.village }}, 2)
                ) = provinces.province_code
        {%- if has_groups %}
        left join (
            {{ area_group_provinces() | indent(12) }}
        ) as area_groups
            on listed.place_area_group_code = area_groups.area_group_code
        {%- endif %}
    ) as placed
{%- endmacro %}

{# Groups of areas, each with the province that holds all its members, if one does. #}
{% macro area_group_provinces() -%}
    select
        area_group_code,
        case when count(distinct left(area_code, 2)) = 1 then min(left(area_code, 2)) end as province_code
    from {{ ref('area_group_members') }}
    group by area_group_code
{%- endmacro %}

{# The province of a placed row, NULL where it lies in several. #}
{% macro province_of_leaf(leaf_code) -%}
    nullif(left({{ leaf_code }}, 2), 'SB')
{%- endmacro %}

{# Rows of a mart that lists things at their place, each once for every area it lies in (`of_area`). #}
{% macro in_every_area(mart) -%}
    select
        listed.*,
        containing.of_area
    from {{ ref(mart) }} as listed
    left join {{ ref('int_areas_unioned') }} as areas on listed.area_code = areas.area_code
    cross join
        lateral (
            select distinct told.of_area
            from (
                values
                (listed.area_code), (areas.tambon_code), (areas.amphoe_code), (listed.province_code), ('SBP')
            ) as told (of_area)
            where told.of_area is not null
        ) as containing
{%- endmacro %}
