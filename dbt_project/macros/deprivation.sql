{#
    Poor by the rule of a scheme: by any_dimension whoever is deprived in anything, by cutoff whoever's score reaches it.
    The cutoff is reached and not passed (6/18 is enough for 1/3), hence the tolerance for decimals that never end.
#}
{% macro is_poor_by(rule, score, poverty_cutoff) -%}
    case {{ rule }}
        when 'any_dimension' then {{ score }} > 0
        when 'cutoff' then {{ score }} >= {{ poverty_cutoff }} - 1e-9
    end
{%- endmacro %}

{# A value against an indicator's cutoff, strictly: whoever stands on the line is not deprived. NULL without a line. #}
{% macro is_deprived_by(value, cutoff, deprived_when) -%}
    case {{ deprived_when }}
        when 'below' then {{ value }} < {{ cutoff }}
        when 'above' then {{ value }} > {{ cutoff }}
    end
{%- endmacro %}

{# Column of a survey item; the numbers of the longest round, 1 to 38, are the same in the contract. #}
{% macro survey_item(number) -%}
    item_{{ '%02d' | format(number) }}
{%- endmacro %}
