-- What complainants are asked after they were told the result (16, house).
create table follow_up (
    organ text not null,
    case_id uuid not null,
    -- The reply by which the result was told.
    follow_up_id uuid not null,
    is_open boolean not null,
    due_at bigint not null,
    told_by text not null,
    -- An encoded duban.common.v1.ContentRef; null where there are no words.
    words bytea,
    -- An encoded duban.supervision.v1.FollowUp.
    shown bytea not null,
    constraint follow_up_pk primary key (organ, case_id, follow_up_id)
);

-- Open ones first, the one that is due first at the top.
create index follow_up_list on follow_up (organ, is_open, due_at, follow_up_id);

-- Who took part in the handling of a case: they do not follow up (house).
create table case_handler (
    organ text not null,
    case_id uuid not null,
    handled_by text not null,
    person text not null,
    term integer not null,
    approved boolean not null,
    constraint case_handler_pk primary key (organ, case_id, handled_by, person)
);
