-- Moments are microseconds since 1970.

-- The clocks of an organ's ledger (17): of cases at their home (term 0), of terms at the organ that holds them.
create table clock (
    organ text not null,
    case_id uuid not null,
    term integer not null,
    number text not null,
    responsible_organ text not null,
    home text not null,
    registering_organ text not null,
    start_at bigint not null,
    accepted_at bigint not null,
    due_at bigint not null,
    length text not null,
    extended boolean not null,
    provisional boolean not null,
    calendar text not null,
    external_due_at bigint,
    -- An encoded duban.common.v1.Citation.
    citation bytea not null,
    -- When the rungs of the ladder fire: 8 bytes each, big-endian.
    rung_times bytea not null,
    fired integer not null,
    light smallint not null,
    -- When the next rung fires; null where none is left, or the clock is stopped.
    next_at bigint,
    stopped_at bigint,
    stop_reason smallint not null,
    on_time boolean not null,
    workdays integer not null,
    constraint clock_pk primary key (organ, case_id, term)
);

-- What the tick reads: running clocks only, over all organs.
create index clock_next on clock (next_at) where next_at is not null;

-- Running clocks, the one that ends first at the top.
create index clock_due on clock (organ, due_at, case_id, term) where stopped_at is null;

-- Extensions asked for in an organ's ledger (17).
create table extension (
    organ text not null,
    extension_id uuid not null,
    case_id uuid not null,
    term integer not null,
    number text not null,
    length text not null,
    due_at bigint not null,
    requested_by text not null,
    requested_at bigint not null,
    -- An encoded duban.common.v1.ContentRef.
    reason bytea not null,
    state smallint not null,
    decided_by text not null,
    is_open boolean not null,
    constraint extension_pk primary key (organ, extension_id)
);

create index extension_case on extension (organ, case_id, term);

create index extension_list on extension (organ, is_open, requested_at, extension_id);
