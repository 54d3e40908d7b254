-- Who decided about a release, when, how, and by which gate report: the very page, so that it can be read years later.
create table ops.release_decisions (
    decision_id bigint generated always as identity primary key,
    release_id bigint not null references ops.releases (release_id),
    decision text not null check (decision in ('approved', 'rejected')),
    decided_at timestamptz not null,
    decided_by text not null,
    via text not null check (via in ('command', 'airflow')),
    reason text,
    gate text,                             -- what the gate had said by then
    report_sha256 text,                    -- NULL: there was no report on the disk of who decided
    report_html text
);
create index release_decisions_release on ops.release_decisions (release_id);

-- What engineers are told of, once per event. A row is written before it is sent and says afterwards that it was.
create table ops.notices (
    notice_key text primary key,           -- the event, for example release_held:41
    kind text not null check (kind in ('flow_failed', 'release_held', 'release_stale')),
    subject text not null,                 -- Thai and English; numbers and names of flows, nothing of a person
    body text not null,
    noticed_at timestamptz not null,
    attempts integer not null default 0,
    last_error text,
    sent_at timestamptz
);
create index notices_unsent on ops.notices (noticed_at) where sent_at is null;

-- The day from which the mart's model may be dropped, as its readers have been told.
alter table ops.release_marts add column deprecation_date date;

-- What the view of a dropped mart calls once a statement: nobody reads an empty table where there was a mart.
-- Called as (select store.refuse_dropped(…)); true as long as the release being read has the mart.
create function store.refuse_dropped(dropped text, instead text) returns boolean
language plpgsql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from store.release_parts where relation = dropped and release_id = (select store.release())
    ) then
        return true;
    end if;
    raise exception '% was dropped; it is not in release %', dropped, store.release()
        using hint = format('Read %s instead. set chaidaen.release = ''N'' reads it as it was in release N.', instead);
end
$$;
revoke execute on function store.refuse_dropped(text, text) from public;
grant execute on function store.refuse_dropped(text, text)
to chaidaen_bi, chaidaen_analyst, chaidaen_gate, chaidaen_case_worker;
