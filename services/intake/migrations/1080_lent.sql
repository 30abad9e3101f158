-- The officers that this organ lent for cases (18), whoever registered them: what they read at intake. Rebuilt from the ledger.
-- `body` is a duban.intake.v1.OfficersLent.
create table lent (
    organ text not null,
    case_id uuid not null,
    loan_id uuid not null,
    body bytea not null,
    constraint lent_pk primary key (organ, case_id, loan_id)
);
