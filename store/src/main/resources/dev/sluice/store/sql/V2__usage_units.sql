-- What calls consume that is not counted in tokens. Lengths are milliseconds.
alter table usage_minute add column images bigint not null default 0;
alter table usage_minute add column audio_millis bigint not null default 0;
alter table usage_minute add column characters bigint not null default 0;
alter table usage_minute add column video_millis bigint not null default 0;

alter table usage_hour add column images bigint not null default 0;
alter table usage_hour add column audio_millis bigint not null default 0;
alter table usage_hour add column characters bigint not null default 0;
alter table usage_hour add column video_millis bigint not null default 0;

alter table usage_day add column images bigint not null default 0;
alter table usage_day add column audio_millis bigint not null default 0;
alter table usage_day add column characters bigint not null default 0;
alter table usage_day add column video_millis bigint not null default 0;
