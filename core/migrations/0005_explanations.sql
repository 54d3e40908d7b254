-- What senders say to queries, kept with the submission, without national identifiers; it closes the query.
create table ops.explanations (
    explanation_id bigint generated always as identity primary key,
    submission_id bigint not null references ops.submissions (submission_id),
    sheet text,
    row_no bigint,                         -- all queries of this row; NULL: all queries of the code
    code text,
    column_name text,                      -- NULL: in whatever column
    text text not null, -- noqa: RF04
    given_by text not null,                -- the agency whose file said it, or who typed the command
    given_at timestamptz not null,
    constraint explains_something check (row_no is not null or code is not null)
);
create index explanations_submission on ops.explanations (submission_id);

alter table ops.issues add column explanation_id bigint references ops.explanations (explanation_id);

-- A returned bad-rows file is a revision of the rows accepted before plus the corrected ones: the submission it mends.
alter table ops.submissions add column base_submission_id bigint references ops.submissions (submission_id);
