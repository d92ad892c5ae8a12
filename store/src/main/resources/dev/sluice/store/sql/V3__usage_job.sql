-- Batches and tasks that have been charged: their records are written whenever somebody asks after them, on any node.
-- id: of the usage record. charged_at: when it was shipped.
create table usage_job (
    id text not null primary key,
    charged_at bigint not null
);

create index usage_job_charged_at on usage_job (charged_at);
