-- Who may read an identity beside the officers of the registering organ, for what and until when (15), rebuilt from the
-- ledger. `body` is a duban.intake.v1.GrantDecided with the grant as it is now, also before it is decided on.
create table identity_grant (
    organ text not null,
    grant_id uuid not null,
    case_id uuid not null,
    body bytea not null,
    constraint identity_grant_pk primary key (organ, grant_id)
);

create index identity_grant_case on identity_grant (organ, case_id);
