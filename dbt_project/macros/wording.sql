{# A date as people write it here: day, month and Buddhist year; in English the CE year. #}
{% macro date_in_thai(day) -%}
    to_char({{ day }}, 'FMDD') || ' ' || {{ month_in_thai(day) }}
{%- endmacro %}

{% macro month_in_thai(day) -%}
    (array[
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

{% macro in_thousands(figure) -%}
    to_char({{ figure }}, 'FM999,999,999,990')
{%- endmacro %}

{# A finding's figure as a note may tell it: counts of people up to 7 not at all, others to the nearest 5. #}
{% macro note_figure(small, about) -%}
    case
        when not texts.counts_people then {{ in_thousands('findings.figure') }}
        when findings.figure <= 7 then '{{ small }}'
        else '{{ about }}' || {{ in_thousands('round(findings.figure / 5.0) * 5') }}
    end
{%- endmacro %}
