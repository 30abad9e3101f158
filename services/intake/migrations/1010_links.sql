-- Cases that belong together (21), rebuilt from the ledger. `linked` is the duban.intake.v1.CaseLinked; `stands` is false
-- where the link was taken back, so that it is not found again.
create table case_link (
    organ text not null,
    case_id uuid not null,
    other_organ text not null,
    other_case_id uuid not null,
    linked bytea not null,
    at bigint not null,
    stands boolean not null,
    constraint case_link_pk primary key (organ, case_id, other_organ, other_case_id)
);

-- The links of others to a case.
create index case_link_other on case_link (other_organ, other_case_id);
