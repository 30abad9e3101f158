-- Parts of cases (会办), as each organ's ledger knows them: those that it handles itself, and those that it waits for as
-- home or lead. Rebuilt from the ledger; the part itself is in `routed_case.body`.
create table case_part (
    organ text not null,
    case_id uuid not null,
    part integer not null,
    elsewhere boolean not null,
    closed boolean not null,
    due_at bigint not null,
    constraint case_part_pk primary key (organ, case_id, part)
);

-- What is to do, or waited for: by date.
create index case_part_list on case_part (organ, elsewhere, closed, due_at, case_id, part);
