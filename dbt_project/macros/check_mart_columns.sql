{#
    Stops the build of a mart that says too little: every mart and every column needs a Thai and an English description
    ("ไทย | English"), every column a kind, measures a unit, shares their numerator and denominator, sums and scores
    that depend on a count one that is there; what parts the mart in the store are keys, its grain are columns.
#}
{% macro check_mart_columns() %}
    {% if not execute %}{{ return('') }}{% endif %}
    {% set problems = [] %}
    {% for mart in graph.nodes.values()
        if mart.unique_id in selected_resources and mart.resource_type == 'model' and 'marts' in mart.fqn %}
        {% do problems.extend(_description_problems(mart.name, mart.description)) %}
        {% if not mart.config.contract.enforced %}
            {% do problems.append(mart.name ~ ': contract is not enforced') %}
        {% endif %}
        {% if not mart.config.group %}
            {% do problems.append(mart.name ~ ': no group') %}
        {% endif %}
        {% if mart.config.meta.get('reader', 'cases') != 'cases' %}
            {% do problems.append(mart.name ~ ': meta.reader can only be cases') %}
        {% elif mart.config.meta.get('reader')
            and not ('province_code' in mart.columns
                and ('official_key' in mart.columns or 'household_key' in mart.columns)) %}
            {% do problems.append(
                mart.name ~ ': case workers see it by province_code and official_key (or household_key), which it lacks') %}
        {% endif %}
        {% for name in mart.config.meta.get('grain', ['nothing']) if name not in mart.columns %}
            {% do problems.append(mart.name ~ ': meta.grain names ' ~ name ~ ', which is no column') %}
        {% endfor %}
        {% for name in mart.config.meta.get('part_by', [])
            if name not in mart.columns or mart.columns[name].config.meta.kind != 'key' %}
            {% do problems.append(mart.name ~ ': meta.part_by names ' ~ name ~ ', which is no key column') %}
        {% endfor %}
        {% for name, column in mart.columns.items() %}
            {% do problems.extend(_description_problems(mart.name ~ '.' ~ name, column.description)) %}
            {% do problems.extend(_meta_problems(mart, name, column.config.meta)) %}
        {% endfor %}
    {% endfor %}
    {% if problems %}
        {{ exceptions.raise_compiler_error(
            "Marts are not described well enough to be published (models/marts/*.yml):\n  " ~ problems | join("\n  ")
        ) }}
    {% endif %}
{% endmacro %}

{% macro _description_problems(name, description) %}
    {% set sides = (description or '').split(' | ') %}
    {% set thai = modules.re.search('[ก-๛]', sides[0]) %}
    {% set english = modules.re.search('[A-Za-z]', sides[1]) if sides | length == 2 else none %}
    {% if thai and english %}{{ return([]) }}{% endif %}
    {{ return([name ~ ': description is not written "ไทย | English"']) }}
{% endmacro %}

{% macro _meta_problems(mart, name, meta) %}
    {% set problems = [] %}
    {% set kinds = ['key', 'label', 'count', 'official_count', 'share', 'sum', 'score'] %}
    {% if meta.kind not in kinds %}
        {% do problems.append(mart.name ~ '.' ~ name ~ ': meta.kind is none of ' ~ kinds | join(', ')) %}
    {% endif %}
    {% if meta.kind in ['count', 'official_count', 'share', 'sum', 'score'] and not meta.unit %}
        {% do problems.append(mart.name ~ '.' ~ name ~ ': meta.unit is missing') %}
    {% endif %}
    {% if meta.kind == 'share' %}
        {% for part in ['numerator', 'denominator'] if meta[part] not in mart.columns %}
            {% do problems.append(mart.name ~ '.' ~ name ~ ': meta.' ~ part ~ ' is no column of the mart') %}
        {% endfor %}
    {% endif %}
    {% if meta.depends_on and meta.kind not in ['sum', 'score'] %}
        {% do problems.append(mart.name ~ '.' ~ name ~ ': meta.depends_on is for sums and scores') %}
    {% elif meta.depends_on
        and (meta.depends_on not in mart.columns or mart.columns[meta.depends_on].config.meta.kind != 'count') %}
        {% do problems.append(mart.name ~ '.' ~ name ~ ': meta.depends_on names ' ~ meta.depends_on ~ ', which is no count') %}
    {% endif %}
    {{ return(problems) }}
{% endmacro %}
