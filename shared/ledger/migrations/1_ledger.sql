-- The ledger of an organ. Moments are microseconds since 1970, UTC; services are numbered as in duban.common.v1.Service.

-- How far each organ's ledger has got. Its row is the lock under which the organ's entries are written.
create table head (
    organ text not null,
    epoch integer not null,
    seq bigint not null,
    hash bytea not null,
    recorded_at bigint not null,
    -- 1 SHA-256, 2 SM3: chosen when the ledger begins.
    algorithm smallint not null,
    constraint head_pk primary key (organ),
    constraint head_hash check (length(hash) = 32)
);

-- Everything that happened: gapless, chained, never changed. `body` is the encoded event; request_id, fingerprint and
-- answer stand on the first entry of the command they belong to.
create table entry (
    organ text not null,
    seq bigint not null,
    epoch integer not null,
    case_id uuid,
    kind text not null,
    body bytea not null,
    recorded_at bigint not null,
    actor text not null,
    audience text,
    audience_seq bigint,
    audience_prev_hash bytea,
    cause_service smallint,
    cause_organ text,
    cause_epoch integer,
    cause_seq bigint,
    request_id uuid,
    fingerprint bytea,
    answer bytea,
    prev_hash bytea not null,
    hash bytea not null,
    constraint entry_pk primary key (organ, seq),
    constraint entry_hash check (length(hash) = 32 and length(prev_hash) = 32),
    constraint entry_address check (num_nonnulls(audience, audience_seq, audience_prev_hash) in (0, 3)),
    constraint entry_cause check (num_nonnulls(cause_service, cause_organ, cause_epoch, cause_seq) in (0, 4)),
    constraint entry_request check (num_nonnulls(request_id, fingerprint, answer) in (0, 3))
);

create unique index entry_request_id on entry (organ, request_id) where request_id is not null;

create unique index entry_mailbox on entry (organ, audience, audience_seq) where audience is not null;

create index entry_case on entry (organ, case_id, seq) where case_id is not null;

-- The last entry addressed to each organ.
create table mailbox (
    organ text not null,
    audience text not null,
    seq bigint not null,
    hash bytea not null,
    constraint mailbox_pk primary key (organ, audience)
);

-- How far this organ has followed another ledger, or (`mailbox`) another organ's entries addressed to it.
create table cursor (
    organ text not null,
    source_service smallint not null,
    source_organ text not null,
    mailbox boolean not null,
    epoch integer not null,
    seq bigint not null,
    hash bytea not null,
    constraint cursor_pk primary key (organ, source_service, source_organ, mailbox)
);

-- Entries of others that could not be applied here: put aside, so that the rest goes on. A person looks at them.
create table parked (
    organ text not null,
    source_service smallint not null,
    source_organ text not null,
    mailbox boolean not null,
    epoch integer not null,
    seq bigint not null,
    error text not null,
    parked_at bigint not null,
    constraint parked_pk primary key (organ, source_service, source_organ, mailbox, seq)
);
