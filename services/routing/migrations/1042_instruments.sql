-- Where the instruments of an organ's ledger stand (7, 22), for lists; what they are is in the case's `body`. Rebuilt from the
-- ledger. `state` is a duban.routing.v1.InstrumentState; `urgency` is the date of the answer, or the end of time.
create table instrument (
    organ text not null,
    instrument_id uuid not null,
    case_id uuid not null,
    state smallint not null,
    urgency bigint not null,
    constraint instrument_pk primary key (organ, instrument_id)
);

create index instrument_list on instrument (organ, state, urgency, instrument_id);

-- The last number of each register of instruments: a register a kind (duban.routing.v1.InstrumentKind) and year.
create table instrument_register (
    organ text not null,
    kind smallint not null,
    year smallint not null,
    last integer not null,
    constraint instrument_register_pk primary key (organ, kind, year)
);
