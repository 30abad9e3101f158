-- What has to be told or was told to complainants (16, 17), rebuilt from the ledger. `urgency` is `due_at`, or the end of
-- time where there is no limit; `is_open` where nobody was told yet.
create table reply (
    organ text not null,
    reply_id uuid not null,
    case_id uuid not null,
    occasion smallint not null,
    since bigint not null,
    due_at bigint,
    citation bytea,
    outcome smallint not null,
    attempts integer not null,
    is_open boolean not null,
    urgency bigint not null,
    constraint reply_pk primary key (organ, reply_id)
);

create index reply_of_case on reply (organ, case_id);

create index reply_list on reply (organ, is_open desc, urgency, reply_id);
