-- Row before sheet in the keys of loaded rows, as new tables have it: rows arrive in the order of `_row`, and the text
-- `_sheet` is hardly ever compared.
do $$
declare
    target regclass;
    key_name name;
begin
    for target, key_name in
        select conrelid::regclass, conname
        from pg_constraint
        where contype = 'p' and connamespace in ('raw'::regnamespace, 'vault'::regnamespace)
        and pg_get_constraintdef(oid) = 'PRIMARY KEY (_submission_id, _sheet, _row)'
    loop
        execute format(
            'alter table %s drop constraint %I, add constraint %I primary key (_submission_id, _row, _sheet)',
            target, key_name, key_name
        );
    end loop;
end
$$;
