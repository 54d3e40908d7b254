-- The ledger: the only memory of what happened to a submission.
create schema if not exists ops;
create schema if not exists vault;
create schema if not exists raw;
create schema if not exists store;
create schema if not exists marts;
create schema if not exists marts_exact;
create schema if not exists cases;

create table ops.submissions (
    submission_id bigint generated always as identity primary key,
    agency_id text not null,
    dataset_id text not null,
    period text not null,
    part text not null default 'all',
    revision integer,                      -- set when loaded; 1 is the first of its scope
    sha256 text not null,
    size_bytes bigint not null,
    file_name text not null,               -- as the sender named it: data, never a path
    landing_fingerprint text not null unique,  -- path, size and mtime of the drop: the same drop is received once
    contract_version text,
    state text not null,
    verdict text,
    reason_code text,                      -- file-level issue that decided a rejection or a hold
    rows bigint,
    accepted_rows bigint,
    rejected_rows bigint,
    duplicate_of bigint references ops.submissions (submission_id),
    superseded_by bigint references ops.submissions (submission_id),
    received_at timestamptz not null,
    constraint state_known check (
        state in ('received', 'checked', 'loaded', 'released', 'rejected', 'duplicate', 'held', 'superseded', 'withdrawn')
    ),
    constraint verdict_known check (verdict in ('accepted', 'accepted_with_issues', 'rejected', 'held'))
);
create index submissions_scope on ops.submissions (dataset_id, agency_id, period, part);
create index submissions_work on ops.submissions (submission_id) where state in ('received', 'checked');
-- One effective revision per scope.
create unique index submissions_effective on ops.submissions (agency_id, dataset_id, period, part)
where state in ('loaded', 'released');

create table ops.submission_events (
    event_id bigint generated always as identity primary key,
    submission_id bigint not null references ops.submissions (submission_id),
    state text not null,
    occurred_at timestamptz not null,
    actor text not null,
    reason text
);
create index submission_events_submission on ops.submission_events (submission_id);

-- Files seen in landing that cannot be read yet (still being written): shown, not received.
create table ops.landing_waiting (
    path text primary key,
    size_bytes bigint not null,
    modified_at timestamptz not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    reason_code text not null
);

create table ops.issues (
    submission_id bigint not null references ops.submissions (submission_id),
    issue_no integer not null,
    code text not null,
    severity text not null check (severity in ('error', 'query')),
    sheet text,
    row_no bigint,                         -- as the sender's program counts: the first line is 1
    column_name text,                      -- contract column; NULL when the problem is the file's or the row's
    cell text,                             -- A1 address
    value_masked text,
    message_th text not null,
    message_en text not null,
    cure_th text not null,
    cure_en text not null,
    primary key (submission_id, issue_no)
);

create table ops.repairs (
    submission_id bigint not null references ops.submissions (submission_id),
    code text not null,
    column_name text not null,
    repaired_cells bigint not null,
    cells text[] not null,                 -- first 100 addresses, written sheet!A1
    primary key (submission_id, code, column_name)
);

create table vault.rejected_rows (
    _submission_id bigint not null references ops.submissions (submission_id),
    _sheet text not null,
    _row bigint not null,
    content jsonb not null,                -- header as sent -> value as sent
    codes text[] not null,
    primary key (_submission_id, _sheet, _row)
);
