-- Moments are microseconds since 1970, UTC.

-- A case as this organ's ledger knows it: as home, as holder of a term, or both. Rebuilt from the ledger. `body` is the
-- whole case (routing's domain::Case), read and written whole; the columns are what is looked for.
create table routed_case (
    organ text not null,
    case_id uuid not null,
    state smallint not null,
    opened_at bigint not null,
    body bytea not null,
    constraint routed_case_pk primary key (organ, case_id)
);

-- Lists, newest first, each state on its own: what is open is not looked for among all that was ever closed.
create index routed_case_list on routed_case (organ, state, opened_at desc, case_id desc);
