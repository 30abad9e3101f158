-- What respondents are given (15), rebuilt from the ledger: what happened to each, never its words. `body` is the
-- intake::domain::HeldSummary. The texts are in `content`, under the case's key.
create table summary (
    organ text not null,
    summary_id uuid not null,
    case_id uuid not null,
    state smallint not null,
    submitted_at bigint not null,
    body bytea not null,
    constraint summary_pk primary key (organ, summary_id)
);

create index summary_case on summary (organ, case_id);

create index summary_list on summary (organ, state, submitted_at, summary_id);
