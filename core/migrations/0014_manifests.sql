-- What each release was made of and what came out, written when its marts are stored and kept longer than its content.
create table ops.release_manifests (
    release_id bigint primary key references ops.releases (release_id) on delete cascade,
    ingredients jsonb not null,            -- code, seeds, contracts, packages, PostgreSQL, key, variables, submissions
    marts jsonb not null,                  -- of each, exact and safe: columns, rows, a hash that no order of rows changes
    written_at timestamptz not null
);

-- The files of the program that built a release, each with its SHA-256: one row for all releases of the same program.
create table ops.programs (
    program_hash text primary key,
    files jsonb not null
);
