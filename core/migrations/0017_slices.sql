-- Slices of the heavy models that stand, and of which ingredients; for tests, slices that passed. dbt leaves them as they
-- are, and deletes and builds every other slice; a row is written after its slice was built.
create table ops.built_slices (
    unique_id text not null,               -- dbt's: model.…, test.…
    slice text not null,                   -- the year the periods of its submissions begin with
    recipe text not null,
    relation_oid oid,                      -- of the very table it lies in; NULL for tests
    primary key (unique_id, slice)
);
