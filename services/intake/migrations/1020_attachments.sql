-- The files of cases, rebuilt from the ledger: what happened to each, never its name. `body` is the intake::domain::Held;
-- `since` is when it came into its state. The bytes are in the storage for files, sealed; name, hash and key in `content`.
create table attachment (
    organ text not null,
    attachment_id uuid not null,
    case_id uuid not null,
    state smallint not null,
    since bigint not null,
    body bytea not null,
    constraint attachment_pk primary key (organ, attachment_id)
);

create index attachment_case on attachment (organ, case_id);

-- What the worker has to see to, the oldest first: uploads that do not go on (1), removed files with bytes (3).
create index attachment_due on attachment (state, since) where state in (1, 3);
