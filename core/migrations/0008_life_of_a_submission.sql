-- The date a file says its content has, and the cell that says it: an older content never replaces a newer one unasked.
alter table ops.submissions
add column content_date date,
add column content_date_cell text,
-- Codes of the doubts somebody decided about: they hold this submission no more.
add column waived_holds text[] not null default '{}';

-- Which state may follow which: the only place that says it. Python updates by it, the events refer to it.
create table ops.submission_moves (
    previous_state text not null,
    state text not null,
    meaning text not null,
    primary key (previous_state, state)
);
insert into ops.submission_moves (previous_state, state, meaning) values
('received', 'received', 'a try failed; it is tried again'),
('received', 'checked', 'its rows are in the open transaction'),
('received', 'rejected', 'the sender must correct it'),
('received', 'held', 'somebody must decide'),
('received', 'duplicate', 'the bytes of the effective revision again'),
('checked', 'loaded', 'it is the effective revision of its scope'),
('loaded', 'released', 'a published release is made of it'),
('loaded', 'superseded', 'a newer revision is effective'),
('released', 'superseded', 'a newer revision is effective'),
('held', 'superseded', 'a newer revision is effective; nobody need decide any more'),
('held', 'received', 'somebody decided, or the lock of its period was lifted: it is processed again'),
('loaded', 'withdrawn', 'somebody withdrew it; its scope is empty and still owed'),
('released', 'withdrawn', 'somebody withdrew it; its scope is empty and still owed'),
('held', 'withdrawn', 'somebody refused it'),
('withdrawn', 'loaded', 'the withdrawal was undone'),
('withdrawn', 'released', 'the withdrawal was undone while the published release still has it'),
('withdrawn', 'held', 'the refusal was undone');

alter table ops.submission_events
add column previous_state text,            -- NULL: the submission came in
add column transaction_id xid8,
add constraint submission_events_allowed foreign key (previous_state, state)
references ops.submission_moves (previous_state, state);
alter table ops.submission_events alter column transaction_id set default pg_current_xact_id();

-- No change of state without its event in the same transaction, whoever makes it.
create function ops.require_submission_event() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and old.state = new.state then
        return null;
    end if;
    if not exists (
        select from ops.submission_events as e
        where e.submission_id = new.submission_id and e.state = new.state
            and e.transaction_id = pg_current_xact_id()
            and e.previous_state is not distinct from case when tg_op = 'UPDATE' then old.state end
    ) then
        raise exception 'submission % became % without an event', new.submission_id, new.state
            using hint = 'Change states with ingestion.ledger only: it writes who, when and why.';
    end if;
    return null;
end
$$;
create constraint trigger state_has_its_event after insert or update of state on ops.submissions
deferrable initially deferred for each row execute function ops.require_submission_event();

-- Periods nothing may change in. A row per lock and its lifting: who, when, why.
create table ops.period_locks (
    lock_id bigint generated always as identity primary key,
    dataset_id text not null,
    period text not null,
    locked_at timestamptz not null,
    locked_by text not null,
    lock_reason text not null,
    unlocked_at timestamptz,
    unlocked_by text,
    unlock_reason text,
    constraint lifted_by_somebody check (
        num_nonnulls(unlocked_at, unlocked_by, unlock_reason) in (0, 3)
    )
);
create unique index period_locks_in_force on ops.period_locks (dataset_id, period) where unlocked_at is null;
