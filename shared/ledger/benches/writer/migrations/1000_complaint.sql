-- What a list of complaints is read from.
create table complaint (
    organ text not null,
    case_id uuid not null,
    number text not null,
    state smallint not null,
    channel smallint not null,
    received_at bigint not null,
    changed_at bigint not null,
    constraint complaint_pk primary key (organ, case_id)
);

create unique index complaint_number on complaint (organ, number);

create index complaint_state on complaint (organ, state, received_at);
