-- The instruments that other organs sent to this one (7, 22), rebuilt from the ledger. `state` is a
-- duban.routing.v1.ReceivedInstrumentState; `urgency` is the date of the answer, or the end of time; `body` is the whole
-- (routing's domain::Received).
create table received_instrument (
    organ text not null,
    case_id uuid not null,
    instrument_id uuid not null,
    state smallint not null,
    urgency bigint not null,
    body bytea not null,
    constraint received_instrument_pk primary key (organ, case_id, instrument_id)
);

create index received_instrument_list on received_instrument (organ, state, urgency, instrument_id);
