-- Pauses of a clock (house): those that ended, from and to, 8 bytes each, big-endian; and the one that lasts.
alter table clock
    add column pauses bytea not null default '',
    add column paused_cause text not null default '',
    add column paused_at bigint,
    add column paused_until bigint;
