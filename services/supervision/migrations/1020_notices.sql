-- Reminders and supervision notices (16, 20): at the organ that issued one, and at the organ it is for.
create table notice (
    organ text not null,
    notice_id uuid not null,
    case_id uuid not null,
    issued_by text not null,
    issued_at bigint not null,
    is_open boolean not null,
    -- When the answer is overdue; null where none is waited for here.
    next_at bigint,
    -- As the domain keeps it.
    notice bytea not null,
    constraint notice_pk primary key (organ, notice_id)
);

create index notice_case on notice (organ, case_id);

-- Open ones first, newest first.
create index notice_list on notice (organ, is_open, issued_at, notice_id);

-- What the tick reads, over all organs.
create index notice_next on notice (next_at) where next_at is not null;
