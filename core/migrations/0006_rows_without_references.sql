-- Rows of raw and vault no longer refer to the ledger by a foreign key: one look-up per row cost more than loading the
-- row. They are written only by the transaction that holds their submission's row, and the ledger deletes nothing.
do $$
declare
    found record;
begin
    for found in
        select c.conname, n.nspname, t.relname
        from pg_catalog.pg_constraint as c
        inner join pg_catalog.pg_class as t on c.conrelid = t.oid
        inner join pg_catalog.pg_namespace as n on t.relnamespace = n.oid
        where c.contype = 'f' and c.confrelid = 'ops.submissions'::regclass and n.nspname in ('raw', 'vault')
    loop
        execute format('alter table %I.%I drop constraint %I', found.nspname, found.relname, found.conname);
    end loop;
end
$$;
