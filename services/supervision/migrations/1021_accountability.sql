-- What bears on accountability of how a case is handled (21), in the ledger of the organ that learnt of it.
create table conduct (
    organ text not null,
    case_id uuid not null,
    -- The organ that may hold accountable is to be told.
    is_due boolean not null,
    -- As the domain keeps it.
    conduct bytea not null,
    constraint conduct_pk primary key (organ, case_id)
);

-- What the tick reads, over all organs.
create index conduct_due on conduct (organ, case_id) where is_due;

-- Files of accountability (21): at the organ that keeps one, and at the organ concerned.
create table accountability_file (
    organ text not null,
    file_id uuid not null,
    case_id uuid not null,
    authority text not null,
    -- Proposed, opened, or past that; what is only watched is listed nowhere.
    is_listed boolean not null,
    is_open boolean not null,
    begun_at bigint not null,
    -- As the domain keeps it.
    file bytea not null,
    constraint accountability_file_pk primary key (organ, file_id)
);

create index accountability_file_case on accountability_file (organ, case_id);

-- Open ones first, newest first.
create index accountability_file_list on accountability_file (organ, is_open, begun_at, file_id) where is_listed;
