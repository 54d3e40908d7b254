-- How often each submission had which problem, counted once, when it was decided: marts ask about thousands of
-- submissions, and their issues are millions.
create table ops.findings (
    submission_id bigint not null references ops.submissions (submission_id),
    code text not null,
    severity text not null check (severity in ('error', 'query', 'repaired')),
    -- Of an error the rows kept out for it, 0 where it is about the whole file; of a query what the sender is asked;
    -- of a repair the cells, 0 where it is about rows that are none of the table.
    found bigint not null,
    primary key (submission_id, code, severity)
);

-- A returned file that mends another one is its revision: what was asked and repaired there still stands, while its
-- errors are those of the rows that remain rejected. Issues just copied have no statistics, and a million of them would
-- be sorted on disk to be grouped into some ten codes.
create function ops.keep_findings(decided bigint) returns void
language sql
set search_path = pg_catalog, pg_temp
set enable_sort = off
as $$
    insert into ops.findings (submission_id, code, severity, found)
    select decided, each.code, each.severity, sum(each.found)
    from (
        select i.code, i.severity, case i.severity when 'query' then 1 else 0 end as found
        from ops.issues as i
        where i.submission_id = decided
        union all
        select rejected_for.code, 'error', 1
        from vault.rejected_rows as r
        cross join unnest(r.codes) as rejected_for (code)
        where r._submission_id = decided
        union all
        select r.code, 'repaired', case r.column_name when '*' then 0 else r.repaired_cells end
        from ops.repairs as r
        where r.submission_id = decided
        union all
        select f.code, f.severity, f.found
        from ops.submissions as s
        inner join ops.findings as f on s.base_submission_id = f.submission_id
        where s.submission_id = decided and f.severity <> 'error'
    ) as each
    group by each.code, each.severity
$$;

-- Submissions decided before, each after the one it mends.
do $$
declare
    decided bigint;
begin
    for decided in select s.submission_id from ops.submissions as s where s.verdict is not null order by 1
    loop
        perform ops.keep_findings(decided);
    end loop;
end
$$;
