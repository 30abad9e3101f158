-- How long each case is kept, and what became of it (15, 16), rebuilt from the ledger. `body` is the whole (intake's
-- domain::Retained); the columns are what is looked for. Moments are microseconds since 1970; for ever is the end of time.
create table case_retention (
    organ text not null,
    case_id uuid not null,
    stage smallint not null,
    keep_until bigint not null,
    list_id uuid,
    -- An erasure was decided on and is not done.
    pending boolean not null,
    body bytea not null,
    constraint case_retention_pk primary key (organ, case_id)
);

-- What is due, the first at the top.
create index case_retention_due on case_retention (organ, stage, keep_until, case_id);

-- A disposal list.
create index case_retention_list on case_retention (organ, list_id, case_id) where list_id is not null;

-- What has to be erased.
create index case_retention_pending on case_retention (organ, case_id) where pending;
