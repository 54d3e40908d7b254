-- Who may see personal values when a figure is traced to its cells; everybody else sees them masked.
create table ops.personal_data_readers (
    person text primary key,               -- the account that runs the command
    allowed_at timestamptz not null,
    allowed_by text not null,
    reason text not null
);

-- Every look at personal values: who, when, which figure, why.
create table ops.personal_data_views (
    view_id bigint generated always as identity primary key,
    person text not null,
    viewed_at timestamptz not null,
    release_id bigint not null,
    figure text not null,
    reason text not null
);
