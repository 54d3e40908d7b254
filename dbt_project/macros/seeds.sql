{#
    Rows of a list reach PostgreSQL as one value, not as a placeholder for each cell, which took seconds for the longest
    list. Every column has its type in `column_types`, so all values come as text and become what the table says.
#}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {% set columns = get_seed_column_quoted_csv(model, agate_table.column_names) %}
    {% set rows = [] %}
    {% for row in agate_table.rows %}{% do rows.append(row.dict()) %}{% endfor %}
    {% set sql %}
        insert into {{ this }} ({{ columns }})
        select {{ columns }} from json_populate_recordset(cast(null as {{ this }}), %s)
    {% endset %}
    {% do adapter.add_query(sql, bindings=[tojson(rows)], abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
