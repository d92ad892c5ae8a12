-- Times are epoch milliseconds. Only what SQLite and PostgreSQL have in common.

-- Declared resources. revision: the revision of the settings in which the row last changed.
-- sealed_by: the master key that its secrets are encrypted under, empty when it holds none.
create table resource (
    id text not null primary key,
    kind text not null,
    tenant text not null,
    name text not null,
    version bigint not null,
    owner text not null,
    created_at bigint not null,
    updated_at bigint not null,
    revision bigint not null,
    sealed_by text not null,
    body text not null,
    unique (kind, tenant, name)
);

create index resource_revision on resource (revision);

create table settings_revision (
    id bigint not null primary key check (id = 1),
    revision bigint not null,
    changed_at bigint not null
);

insert into settings_revision (id, revision, changed_at) values (1, 0, 0);

create table audit_entry (
    sequence bigint not null primary key,
    at bigint not null,
    tenant text not null,
    actor text not null,
    address text not null,
    action text not null,
    kind text not null,
    resource_id text not null,
    name text not null,
    before_json text not null,
    after_json text not null,
    hash text not null
);

create index audit_entry_at on audit_entry (at);

create index audit_entry_name on audit_entry (name, sequence);

-- Both ends of the hash chain: the newest entry, and the newest one that was deleted when its time was over.
create table audit_end (
    which text not null primary key,
    sequence bigint not null,
    hash text not null
);

insert into audit_end (which, sequence, hash) values ('newest', 0, ''), ('deleted', 0, '');

-- A combination of dimensions that calls were counted under. id: a hash of them, so that every node finds the same one.
-- used_at: a day on which it was last counted.
create table usage_series (
    id bigint not null primary key,
    tenant text not null,
    model_api text not null,
    service text not null,
    provider text not null,
    model text not null,
    api_key text not null,
    api_key_id text not null,
    consumer text not null,
    failure text not null,
    currency text not null,
    used_at bigint not null
);

create index usage_series_used_at on usage_series (used_at);

-- Roll-ups by the time the call began.
create table usage_minute (
    bucket bigint not null,
    series bigint not null,
    calls bigint not null,
    failed_calls bigint not null,
    input_tokens bigint not null,
    cached_input_tokens bigint not null,
    cache_written_tokens bigint not null,
    output_tokens bigint not null,
    reasoning_tokens bigint not null,
    cost_micros bigint not null,
    duration_millis bigint not null,
    first_content_calls bigint not null,
    first_content_millis bigint not null,
    primary key (bucket, series)
);

create index usage_minute_series on usage_minute (series, bucket);

create table usage_hour (
    bucket bigint not null,
    series bigint not null,
    calls bigint not null,
    failed_calls bigint not null,
    input_tokens bigint not null,
    cached_input_tokens bigint not null,
    cache_written_tokens bigint not null,
    output_tokens bigint not null,
    reasoning_tokens bigint not null,
    cost_micros bigint not null,
    duration_millis bigint not null,
    first_content_calls bigint not null,
    first_content_millis bigint not null,
    primary key (bucket, series)
);

create index usage_hour_series on usage_hour (series, bucket);

create table usage_day (
    bucket bigint not null,
    series bigint not null,
    calls bigint not null,
    failed_calls bigint not null,
    input_tokens bigint not null,
    cached_input_tokens bigint not null,
    cache_written_tokens bigint not null,
    output_tokens bigint not null,
    reasoning_tokens bigint not null,
    cost_micros bigint not null,
    duration_millis bigint not null,
    first_content_calls bigint not null,
    first_content_millis bigint not null,
    primary key (bucket, series)
);

create index usage_day_series on usage_day (series, bucket);

-- Before when the roll-ups of a grain have been deleted.
create table usage_deleted (
    grain text not null primary key,
    before bigint not null
);

-- The records of calls as they were shipped: compressed blocks, found by the time their calls began.
-- node, segment and start_offset say where in which journal a block begins, so none can be stored twice.
create table usage_block (
    node text not null,
    segment bigint not null,
    start_offset bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    records bigint not null,
    body bytea not null,
    primary key (node, segment, start_offset)
);

create index usage_block_last_at on usage_block (last_at);

create index usage_block_first_at on usage_block (first_at);

-- Up to where each node's journal has been shipped.
create table journal_position (
    node text not null primary key,
    segment bigint not null,
    next_offset bigint not null,
    updated_at bigint not null
);
