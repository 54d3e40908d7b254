-- What dbt builds now: one row, so that neither a view nor what dbt has parsed changes from one release to the next.
create table ops.building (
    only_row boolean primary key default true check (only_row),
    release_id bigint,
    as_of date
);
insert into ops.building default values;

-- What stands in the build schemas, and of which ingredients. A row is deleted before its node is built and written
-- after it succeeded, so a build cut short leaves no row that lies.
create table ops.built_nodes (
    unique_id text primary key,            -- dbt's: model.…, seed.…, test.…, unit_test.…
    recipe text not null,
    relation_oid oid,                      -- of the very table or view built; NULL for tests
    release_id bigint not null,            -- the release it was built for
    built_at timestamptz not null
);

-- The ledger as it stood when the release was opened: what had come by then, and what had become of it. Files alike in
-- sender, dataset, period, part, day and state count once; duplicates are no news.
create table ops.release_ledger (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    submission_id bigint not null references ops.submissions (submission_id),
    state text not null,                   -- in_release, waiting, or the submission's own
    primary key (release_id, submission_id)
);

-- The marts of a release: what each was made of, and by which columns its rows are parted.
create table ops.release_marts (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    mart text not null,
    recipe text not null,
    part_by text[] not null,
    primary key (release_id, mart)
);

alter table ops.releases
-- Facts of the calendar its models depend on: when today's differ, the release is out of date.
add column calendar jsonb not null default '{}',
add column content_dropped_at timestamptz; -- NULL: its content is kept

alter table store.parts add column part_key jsonb not null default '{}'; -- values of the columns that part the mart

-- As before, and a session pinned to a release whose content was deleted is told so.
create or replace function store.release() returns bigint
language plpgsql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    pin text := nullif(current_setting('chaidaen.release', true), '');
    pinned record;
begin
    if pin is null then
        return (select release_id from store.current);
    end if;
    if pin !~ '^[0-9]{1,18}$' then
        raise exception 'chaidaen.release must be the number of a release, not %', quote_literal(pin);
    end if;
    select r.release_id, r.content_dropped_at into pinned from ops.releases as r
    where r.release_id = pin::bigint
        and (r.published_at is not null or pg_has_role(session_user, 'chaidaen_gate', 'member'));
    if pinned.release_id is null then
        raise exception 'release % is not published', pin using hint = 'See chaidaen releases';
    end if;
    if pinned.content_dropped_at is not null then
        raise exception 'release % is no longer kept: its content was deleted on %',
            pin, to_char(pinned.content_dropped_at, 'YYYY-MM-DD')
            using hint = 'Kept are the latest releases and the last of every month: see chaidaen releases. '
                'reset chaidaen.release reads the published one.';
    end if;
    return pinned.release_id;
end
$$;
