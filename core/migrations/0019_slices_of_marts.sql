-- Slices of a mart as the release was built with them: parts of an equal slice are listed again without being looked at.
alter table ops.release_marts
add column slice_by text,                          -- column that says the slice; NULL: the mart is built whole
add column slices jsonb not null default '{}';     -- recipe by slice
