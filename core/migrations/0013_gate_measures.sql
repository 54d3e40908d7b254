-- What the gate holds against thresholds, and datasets whose new submissions did not pass it.

alter table ops.gate_results
add column owner text not null default '',
add column datasets text[] not null default '{}'; -- those the rows that break it belong to, where these name one

-- A figure of a release beside that of the release readers saw when it was judged.
create table ops.gate_measures (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    measure text not null,
    dataset_id text not null,
    province_code text,
    period text,
    value numeric,                         -- NULL: the published release has it, this one does not
    compared_with numeric                  -- NULL: nothing to compare with
);
create index gate_measures_release on ops.gate_measures (release_id);

create schema if not exists gate;
create view gate.measures as
select measure, dataset_id, province_code, period, value, compared_with
from ops.gate_measures
where release_id = (select store.release());
grant usage on schema gate to chaidaen_gate;
grant select on gate.measures to chaidaen_gate;

-- Datasets that are published as they were, because what was sent since did not pass the gate.
create table ops.held_back (
    dataset_id text primary key,
    since timestamptz not null,
    failed_release_id bigint not null references ops.releases (release_id),
    refused bigint[] not null,             -- the effective submissions that did not pass; others are tried anew
    kept bigint[] not null,                -- the submissions used instead: those of the published release
    code text not null                     -- models, seeds, contracts and expectations that judged; others try anew
);

create table ops.release_held_back (
    release_id bigint not null references ops.releases (release_id) on delete cascade,
    dataset_id text not null,
    since timestamptz not null,
    failed_release_id bigint not null references ops.releases (release_id),
    primary key (release_id, dataset_id)
);

-- A release opened because that one failed: the same, but for datasets that are held back.
alter table ops.releases add column fallback_of bigint references ops.releases (release_id);
