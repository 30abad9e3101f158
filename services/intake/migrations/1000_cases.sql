-- Moments are microseconds since 1970, UTC, as in the ledger's hash.

-- A case as it stands now, rebuilt from the ledger. `received` is the duban.intake.v1.ComplaintReceived with grounds,
-- respondents, missing fields and original as they are now.
create table case_file (
    organ text not null,
    case_id uuid not null,
    state smallint not null,
    version integer not null,
    number text not null,
    received bytea not null,
    received_at bigint not null,
    accepted_at bigint,
    supplement_due_at bigint,
    working_item uuid,
    working_version integer,
    working_commitment bytea,
    closing text not null,
    responsible_organ text not null,
    term integer not null,
    finding smallint not null,
    withdrawn boolean not null,
    constraint case_file_pk primary key (organ, case_id)
);

-- A number is given once; tracking finds a case by it.
create unique index case_file_number on case_file (organ, number) where number <> '';

-- Lists, newest first, each state on its own: a desk's short queue is not looked for among all that was ever closed.
create index case_file_list on case_file (organ, state, received_at desc, case_id desc);

-- The last number given out in each year, rebuilt from the ledger (13).
create table number_register (
    organ text not null,
    year integer not null,
    last integer not null,
    constraint number_register_pk primary key (organ, year)
);
