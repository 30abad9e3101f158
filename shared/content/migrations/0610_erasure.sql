-- What was erased here: a row a case, and a row where the identity alone was. Primary data, and made again from the erasure
-- list outside the database before anything is served. `line` and `mac` are those of the list; `told` is false where a
-- backup brought it back and no entry of the ledger tells of it yet. Moments are microseconds since 1970.
create table erasure (
    organ text not null,
    case_id uuid not null,
    -- 1 the case, 2 the identity.
    kind smallint not null,
    at bigint not null,
    article text not null,
    line bigint not null,
    mac bytea not null,
    told boolean not null,
    constraint erasure_pk primary key (organ, case_id, kind)
);

-- The last line that this schema knows of.
create index erasure_line on erasure (line);

-- What is not told yet.
create index erasure_untold on erasure (organ, case_id, kind) where not told;
