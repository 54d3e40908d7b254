-- Who may see cases: households and people one by one. A right is one row; several of a login add up.
create table ops.case_workers (
    case_worker_id bigint generated always as identity primary key,
    login text not null,                   -- the officer's own login; session_user
    -- What is given narrows the right; all of it must fit.
    official_key uuid,                     -- households this official looks after
    official_agency text,                  -- … officials of this kind of agency look after
    area_code text check (area_code ~ '^(SBP|9[01456](\d\d(\d\d)?)?)$'), -- … there: region, province, amphoe, tambon
    valid_from date not null,
    valid_to date check (valid_to >= valid_from), -- last day; NULL: until it is ended
    allowed_at timestamptz not null,
    allowed_by text not null,
    reason text not null,
    ended_at timestamptz,                  -- from this instant on the right is none; rows are never deleted
    ended_by text,
    ended_reason text,
    check (num_nonnulls(official_key, official_agency, area_code) > 0)
);
create index case_workers_login on ops.case_workers (login);

-- The rights of whoever logged in, today in Thailand. SET ROLE changes nothing about who that is.
create function store.case_rights() returns table (official_key uuid, official_agency text, area_code text)
language sql stable security definer rows 5
set search_path = pg_catalog, pg_temp
as $$
    select w.official_key, w.official_agency, w.area_code
    from ops.case_workers as w
    where w.login = session_user and w.ended_at is null
        and (now() at time zone 'Asia/Bangkok')::date between w.valid_from and coalesce(w.valid_to, 'infinity')
$$;
revoke execute on function store.case_rights() from public;
grant execute on function store.case_rights() to chaidaen_case_worker, chaidaen_case_views;

-- The views in `cases` belong to a role that owns no table and is subject to their policies.
grant usage, create on schema cases to chaidaen_case_views;
grant usage on schema store to chaidaen_case_views;
grant select on store.release_parts to chaidaen_case_views;
grant execute on function store.release(), store.refuse_dropped(text, text) to chaidaen_case_views;
