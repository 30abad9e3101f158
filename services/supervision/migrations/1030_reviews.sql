-- The results of cases, and their reviews (20). Moments are microseconds since 1970.
create table review (
    organ text not null,
    case_id uuid not null,
    -- The term whose result it is.
    term integer not null,
    -- 1: waits for its review, or was taken up; 2: over; 3: nothing chose it; 0: its result is not known.
    list smallint not null,
    -- Since when it stands on its list.
    since bigint not null,
    -- An encoded domain::docket::Review.
    body bytea not null,
    constraint review_pk primary key (organ, case_id, term)
);

-- A list, oldest first.
create index review_list on review (organ, list, since, case_id, term);

-- The appeals of respondents against results (5(2)).
create table appeal (
    organ text not null,
    case_id uuid not null,
    appeal_id uuid not null,
    is_open boolean not null,
    -- Until when it has to be decided; of one that is over, when it was.
    listed_at bigint not null,
    -- An encoded domain::docket::Appeal.
    body bytea not null,
    constraint appeal_pk primary key (organ, case_id, appeal_id)
);

-- Those that wait, or those that are over, by that moment.
create index appeal_list on appeal (organ, is_open, listed_at, case_id, appeal_id);
