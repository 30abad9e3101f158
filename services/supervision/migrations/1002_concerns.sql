-- What intake told of: repeated complaints (21), and at the centre reports of obstruction or retaliation (12).
create table concern (
    organ text not null,
    -- The case, or the report's own id.
    case_id uuid not null,
    -- The complaint before; of a report its own id again.
    other_id uuid not null,
    kind smallint not null,
    -- The case that a report is about.
    about uuid,
    other_organ text not null,
    noted_at bigint not null,
    is_open boolean not null,
    constraint concern_pk primary key (organ, case_id, other_id)
);

-- Open ones first, newest first.
create index concern_list on concern (organ, is_open, noted_at, case_id, other_id);

alter table board add column repeated bigint not null default 0;
