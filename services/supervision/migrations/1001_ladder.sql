-- What the ladder issued (16, 17, 20): one row a rung that fired.
create table fired_rung (
    organ text not null,
    -- The number of its entry in the ledger.
    seq bigint not null,
    case_id uuid not null,
    number text not null,
    fired_at bigint not null,
    instrument smallint not null,
    -- An encoded duban.supervision.v1.RungFired.
    rung bytea not null,
    constraint fired_rung_pk primary key (organ, seq)
);

-- Newest first; the second for those that issued something.
create index fired_rung_list on fired_rung (organ, fired_at, seq);

create index fired_rung_instrument on fired_rung (organ, fired_at, seq) where instrument <> 0;

create index fired_rung_case on fired_rung (organ, case_id);

-- The register of supervision notices: the last number given out, by year.
create table notice_register (
    organ text not null,
    year integer not null,
    last bigint not null,
    constraint notice_register_pk primary key (organ, year)
);

-- An organ's line of the board: counted as things happen, never over the past.
create table board (
    organ text not null,
    received bigint not null,
    open bigint not null,
    due_soon bigint not null,
    overdue bigint not null,
    concluded bigint not null,
    on_time bigint not null,
    held bigint not null,
    constraint board_pk primary key (organ)
);
