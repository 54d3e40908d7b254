-- A verdict stands for every release whose rows are those it was reached on: what it was reached with, and when.
alter table ops.gate_results
add column words text,                             -- hash of what was asked; NULL: never taken over by another release
add column judged_in bigint,                       -- release whose judgement this is; NULL: before this was kept
add column marts text[] not null default '{}';     -- marts that the expectation reads
