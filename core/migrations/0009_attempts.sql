-- Tries at a submission that began and have not ended: somebody is at it now, or died over it. Written by a session of
-- its own and committed at once, so it holds no reference to the row that the deciding transaction has locked.
create table ops.attempts (
    submission_id bigint not null,
    work text not null check (work in ('decide', 'papers')),
    begun integer not null,
    last_begun_at timestamptz not null,
    last_actor text not null,
    primary key (submission_id, work)
);
