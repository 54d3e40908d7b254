{#
    Rows of a list about places, each at the lowest place it was given for: `place_code`, `place_level`, and `leaf_code`,
    from where figures are added up (int_areas_nested): the village, or the remainder of what was named. A village decides
    about its tambon, a tambon about its amphoe, retired codes count as what they became; a code nobody knows falls back
    to what holds it, in the end to the sender's province and the region. Of several rows for one thing, which the columns
    `once` name, the one received last has rank_of_row 1.

    `levels`: which of place_village_code, place_tambon_code, place_amphoe_code, place_province_code the staging model has.
#}
{% macro placed_rows(staging, once, levels=['tambon']) -%}
    {%- set given = {} -%}
    {%- for level in ['village', 'tambon', 'amphoe', 'province'] -%}
        {%- do given.update({level: 'listed.place_' ~ level ~ '_code' if level in levels else 'cast(null as text)'}) -%}
    {%- endfor -%}
    select
        placed.*,
        case
            when placed.place_code = 'SBP' then 'region'
            when length(placed.place_code) = 2 then 'province'
            when length(placed.place_code) = 4 then 'amphoe'
            when length(placed.place_code) = 6 then 'tambon'
            else 'village'
        end as place_level,
        case when placed.place_code = 'SBP' then 'SBP000000' else rpad(placed.place_code, 8, '0') end as leaf_code
    from (
        select
            listed.*,
            coalesce(
                villages.village_code,
                codes.tambon_code,
                amphoe.amphoe_code,
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
    ) as placed
{%- endmacro %}
