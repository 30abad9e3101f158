-- Who was told of which rung (house): one row a recipient. What the digest counts.
create table told_rung (
    organ text not null,
    -- The number of its entry in the ledger.
    seq bigint not null,
    recipient smallint not null,
    -- The day on which it is released, 20261124, in the zone of the regulation.
    day integer not null,
    released_at bigint not null,
    case_id uuid not null,
    number text not null,
    term integer not null,
    place integer not null,
    clock smallint not null,
    rung_code text not null,
    late boolean not null,
    -- It fired on a date that was withdrawn.
    annulled boolean not null,
    -- An encoded duban.supervision.v1.RungFired.
    rung bytea not null,
    constraint told_rung_pk primary key (organ, seq, recipient)
);

-- Of a recipient, newest first.
create index told_rung_list on told_rung (organ, recipient, day, released_at, seq);

create index told_rung_case on told_rung (organ, case_id, term);
