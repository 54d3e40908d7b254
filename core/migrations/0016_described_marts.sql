-- What a mart says of itself, as the release was built with it: the gate derives from it what must hold of any mart.
alter table ops.release_marts
add column reader text check (reader in ('cases')), -- NULL: everybody, through a safe twin
add column grain text[] not null default '{}',      -- columns that together are one row
add column columns jsonb not null default '[]',     -- [{name, kind, …}], in order
add column rests_on text[] not null default '{}';   -- datasets without any of which it has no row

-- Marts that have no row for a good reason: nobody has sent any of what they are made of.
create view ops.release_marts_unsent as
select m.release_id, m.mart
from ops.release_marts as m
where m.rests_on <> '{}' and not exists (
    select from ops.release_submissions as r
    join ops.submissions as s using (submission_id)
    where r.release_id = m.release_id and s.dataset_id = any(m.rests_on)
);
