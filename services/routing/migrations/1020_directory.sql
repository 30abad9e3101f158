-- Moments are microseconds since 1970, UTC. All of it is rebuilt from the ledger.

-- The open cases that this organ sees to as their home, and who handles them (empty where nobody does now): what follows
-- where an organ is closed (4).
create table case_home (
    organ text not null,
    case_id uuid not null,
    holder text not null,
    constraint case_home_pk primary key (organ, case_id)
);

-- What a closed organ handles, for whichever home.
create index case_home_holder on case_home (holder, organ, case_id) where holder <> '';

-- Changes of the directory that were planned, and what became of them. `body` is a duban.routing.v1.PlannedChange.
create table organ_change (
    organ text not null,
    change_id uuid not null,
    state smallint not null,
    effective_at bigint not null,
    body bytea not null,
    constraint organ_change_pk primary key (organ, change_id)
);

create index organ_change_list on organ_change (organ, state, effective_at desc, change_id desc);

-- What waits for its day (state 1), for the tick.
create index organ_change_due on organ_change (effective_at, organ, change_id) where state = 1;

-- What organs were, one after the other. `body` is a duban.routing.v1.OrganVersion.
create table organ_version (
    organ text not null,
    code text not null,
    version bigint not null,
    body bytea not null,
    constraint organ_version_pk primary key (organ, code, version)
);
