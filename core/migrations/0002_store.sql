-- Releases: content of every mart in parts, a release being a list of parts; one pointer row says which is read.
create table ops.releases (
    release_id bigint generated always as identity primary key,
    state text not null check (state in ('candidate', 'held', 'published', 'superseded')),
    as_of date not null,
    recipe text not null,                  -- hash of the submissions, code, seeds and contracts it is built from
    code_version text not null,
    gate text check (gate in ('passed', 'warning', 'failed', 'crashed')),
    created_at timestamptz not null,
    published_at timestamptz,
    approved_by text
);
create unique index releases_one_published on ops.releases (state) where state = 'published';

create table ops.release_submissions (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    submission_id bigint not null references ops.submissions (submission_id),
    primary key (release_id, submission_id)
);

create table ops.release_events (
    event_id bigint generated always as identity primary key,
    release_id bigint not null references ops.releases (release_id),
    event text not null,                   -- built, gated, held, published, rolled_back_to, superseded
    occurred_at timestamptz not null,
    actor text not null,
    reason text
);

create table ops.dbt_results (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    invocation_id text not null,
    unique_id text not null,
    status text not null,
    execution_seconds double precision not null,
    rows_affected bigint,
    message text,
    primary key (release_id, invocation_id, unique_id)
);

create table ops.gate_results (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    expectation_id text not null,          -- unique in the release, for example poverty_by_area.any_not_below_target
    mart text not null,
    severity text not null check (severity in ('critical', 'warning')),
    success boolean not null,
    raised boolean not null default false,
    title_th text not null,
    title_en text not null,
    observed text,                         -- figures and keys of areas only, never a personal value
    primary key (release_id, expectation_id)
);

create table store.parts (
    part_id bigint generated always as identity primary key,
    relation text not null,                -- store table: <mart> or <mart>__safe
    content_hash numeric not null,
    row_count bigint not null,
    size_bytes bigint not null,
    created_at timestamptz not null
);
create index parts_content on store.parts (relation, content_hash, row_count);

create table store.release_parts (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    relation text not null,
    part_id bigint not null references store.parts (part_id),
    primary key (release_id, relation, part_id)
);

create table store.current (
    only_row boolean primary key default true check (only_row),
    release_id bigint references ops.releases (release_id),
    switched_at timestamptz
);
insert into store.current default values;

-- The release a session reads: the published one, or the one it pinned with  set chaidaen.release = 'N'.
-- Only the gate may see a candidate or a held one.
create function store.release() returns bigint
language plpgsql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    pin text := nullif(current_setting('chaidaen.release', true), '');
    found bigint;
begin
    if pin is null then
        return (select release_id from store.current);
    end if;
    if pin !~ '^[0-9]{1,18}$' then
        raise exception 'chaidaen.release must be the number of a release, not %', quote_literal(pin);
    end if;
    select r.release_id into found from ops.releases as r
    where r.release_id = pin::bigint
        and (r.published_at is not null or pg_has_role(session_user, 'chaidaen_gate', 'member'));
    if found is null then
        raise exception 'release % is not published', pin using hint = 'See chaidaen releases';
    end if;
    return found;
end
$$;
