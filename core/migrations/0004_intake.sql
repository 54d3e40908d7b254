-- json, not jsonb: a rejected row is kept as it was sent, its columns in the sender's order, doubled ones twice.
alter table vault.rejected_rows alter column content type json using content::json;

-- The state the submission's outbox folder tells its agency. Where it differs from the state, papers are owed.
alter table ops.submissions add column outbox_state text;
create index submissions_papers_owed on ops.submissions (submission_id) where outbox_state is distinct from state;
