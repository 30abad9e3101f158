-- Reports of obstruction, suppression and retaliation (12), in the ledger of the centre, rebuilt from it. `received` is the
-- duban.intake.v1.ReportReceived, `closed` the ReportClosed; `restricted` is one about the centre itself.
create table report (
    organ text not null,
    report_id uuid not null,
    state smallint not null,
    restricted boolean not null,
    about_case uuid,
    received bytea not null,
    received_at bigint not null,
    closed bytea,
    closed_at bigint,
    constraint report_pk primary key (organ, report_id)
);

create index report_list on report (organ, restricted, state, received_at desc, report_id desc);

create index report_of_case on report (organ, about_case) where about_case is not null;

-- What the centre demands of organs on a report (12), rebuilt from its ledger. `addressed` is the organ that has to answer;
-- `next_at` is when the limit of an open one runs out; `demanded` is the duban.intake.v1.AnswerDemanded, `answered` the
-- DemandAnswered.
create table report_demand (
    organ text not null,
    demand_id uuid not null,
    report_id uuid not null,
    addressed text not null,
    state smallint not null,
    due_at bigint not null,
    next_at bigint,
    demanded bytea not null,
    demanded_at bigint not null,
    overdue_since bigint,
    answered bytea,
    answered_at bigint,
    constraint report_demand_pk primary key (organ, demand_id)
);

create index report_demand_of_report on report_demand (organ, report_id);

create index report_demand_list on report_demand (organ, addressed, state, due_at, demand_id);

create index report_demand_next on report_demand (next_at) where next_at is not null;
