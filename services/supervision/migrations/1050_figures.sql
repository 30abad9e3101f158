-- Figures (5(3), 6(3), 24). Days are those of the regulation's zone, in days since 1970.

-- What was counted: a row a thing. What counts no more is undone as of a day, and stays.
create table counted (
    organ text not null,
    case_id uuid not null,
    -- The entry that says so, and its place among those of this entry.
    seq bigint not null,
    ordinal smallint not null,
    part smallint not null,
    measure smallint not null,
    -- The day that counts, the day it was recorded, and the one from which on it counts no more (2147483647: it does).
    day integer not null,
    recorded_on integer not null,
    undone_on integer not null,
    term integer not null,
    channel text not null,
    grounds text[] not null,
    -- Whom the case is about: "person:" or "organ:" and the organ's code.
    against text[] not null,
    finding smallint not null,
    findings smallint[] not null,
    late boolean not null,
    workdays integer not null,
    constraint counted_pk primary key (organ, case_id, seq, ordinal)
);

-- A figure opened into its cases.
create index counted_list on counted (organ, part, measure, day, case_id, seq, ordinal);

-- The counters: the sums of what was counted, kept as it comes, by the day that counts and the day it was recorded.
create table day_figure (
    organ text not null,
    part smallint not null,
    facet smallint not null,
    day integer not null,
    value text not null,
    recorded_on integer not null,
    received integer not null,
    accepted integer not null,
    declined integer not null,
    referred integer not null,
    directed integer not null,
    open integer not null,
    concluded integer not null,
    late integer not null,
    extended integer not null,
    withdrawn integer not null,
    reopened integer not null,
    returned integer not null,
    repeated integer not null,
    workdays integer not null,
    constraint day_figure_pk primary key (organ, part, facet, day, value, recorded_on)
)
-- Today's rows are added to by each batch: a new version of a row finds room beside the old one.
with (fillfactor = 70);

-- The same by whole months, as they stand now: a year of many organs is read from these. Months are years * 12 + month - 1.
create table month_figure (
    organ text not null,
    part smallint not null,
    facet smallint not null,
    month integer not null,
    value text not null,
    received integer not null,
    accepted integer not null,
    declined integer not null,
    referred integer not null,
    directed integer not null,
    open integer not null,
    concluded integer not null,
    late integer not null,
    extended integer not null,
    withdrawn integer not null,
    reopened integer not null,
    returned integer not null,
    repeated integer not null,
    workdays integer not null,
    constraint month_figure_pk primary key (organ, part, facet, month, value)
)
with (fillfactor = 70);

-- Cases left out of an organ's appraisal (24, house).
create table exclusion (
    organ text not null,
    exclusion_id uuid not null,
    case_id uuid not null,
    number text not null,
    -- An encoded duban.common.v1.ContentRef.
    reason bytea not null,
    state smallint not null,
    proposed_by text not null,
    proposed_at bigint not null,
    decided_by text not null,
    is_open boolean not null,
    constraint exclusion_pk primary key (organ, exclusion_id)
);

create index exclusion_case on exclusion (organ, case_id);

create index exclusion_list on exclusion (organ, is_open, proposed_at, exclusion_id);

create index exclusion_approved on exclusion (organ) where state = 2;

-- Analyses, without their words (5(3), 6(3)).
create table analysis (
    organ text not null,
    analysis_id uuid not null,
    from_day text not null,
    to_day text not null,
    version integer not null,
    -- An encoded duban.common.v1.ContentRef.
    text bytea not null,
    written_by text not null,
    written_at bigint not null,
    signed_by text not null,
    signed_at bigint,
    constraint analysis_pk primary key (organ, analysis_id)
);

create index analysis_list on analysis (organ, from_day, written_at, analysis_id);

-- What was frozen and signed (24, house).
create table frozen_period (
    organ text not null,
    frozen_id uuid not null,
    kind integer not null,
    from_day text not null,
    to_day text not null,
    version integer not null,
    signed_by text not null,
    signed_at bigint not null,
    -- An encoded duban.supervision.v1.PeriodFrozen.
    frozen bytea not null,
    constraint frozen_period_pk primary key (organ, frozen_id),
    constraint frozen_period_version unique (organ, kind, from_day, to_day, version)
);

create index frozen_period_list on frozen_period (organ, from_day, version, frozen_id);
