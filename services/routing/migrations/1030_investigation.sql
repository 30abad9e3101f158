-- Who acts for whom in an organ (AB 角), rebuilt from the ledger. `ends_at` is when it ends, or ended; `body` is a
-- duban.routing.v1.Deputy.
create table deputy (
    organ text not null,
    deputy_id uuid not null,
    ends_at bigint not null,
    body bytea not null,
    constraint deputy_pk primary key (organ, deputy_id)
);

create index deputy_list on deputy (organ, ends_at desc, deputy_id desc);

-- The officers an organ was asked for, rebuilt from the lender's ledger. `state` is a duban.routing.v1.LoanState; `body` is a
-- duban.routing.v1.Loan.
create table loan (
    organ text not null,
    case_id uuid not null,
    loan_id uuid not null,
    state smallint not null,
    requested_at bigint not null,
    body bytea not null,
    constraint loan_pk primary key (organ, case_id, loan_id)
);

create index loan_list on loan (organ, state, requested_at, loan_id);

-- Who investigates which open case of a term that the organ holds, rebuilt from the ledger.
create table case_officer (
    organ text not null,
    person text not null,
    case_id uuid not null,
    constraint case_officer_pk primary key (organ, person, case_id)
);

create index case_officer_case on case_officer (organ, case_id);
