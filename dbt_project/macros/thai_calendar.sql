{# A date as people write it here: day, month and Buddhist year; in English the CE year. #}
{% macro date_in_thai(day) -%}
    to_char({{ day }}, 'FMDD') || ' ' || (array[
        'มกราคม', 'กุมภาพันธ์', 'มีนาคม', 'เมษายน', 'พฤษภาคม', 'มิถุนายน',
        'กรกฎาคม', 'สิงหาคม', 'กันยายน', 'ตุลาคม', 'พฤศจิกายน', 'ธันวาคม'
    ])[cast(extract(month from {{ day }}) as integer)]
    || ' ' || cast(cast(extract(year from {{ day }}) as integer) + 543 as text)
{%- endmacro %}

{% macro date_in_english(day) -%}
    to_char({{ day }}, 'FMDD FMMonth YYYY')
{%- endmacro %}

{# Fills the placeholders of a note's wording; a placeholder without a value leaves nothing behind. #}
{% macro fill_in(wording, values) -%}
    {%- set filled = namespace(sql=wording) -%}
    {%- for name, value in values.items() -%}
        {%- set filled.sql = "replace(" ~ filled.sql ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", ''))" -%}
    {%- endfor -%}
    {{ filled.sql }}
{%- endmacro %}
