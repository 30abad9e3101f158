-- A projection: for each case what was added up.
create table counter (
    organ text not null,
    case_id uuid not null,
    total bigint not null,
    entries bigint not null,
    last_tag text not null,
    changed_at bigint not null,
    constraint counter_pk primary key (organ, case_id),
    constraint counter_total check (total >= 0)
);

-- Primary data: one for each command that took effect.
create table note (
    organ text not null,
    tag text not null,
    parent text,
    constraint note_pk primary key (organ, tag),
    -- Checked at COMMIT and not before.
    constraint note_parent foreign key (organ, parent) references note (organ, tag) deferrable initially deferred
);
