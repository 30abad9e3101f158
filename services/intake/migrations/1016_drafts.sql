-- What officers have not handed in yet (house): primary data, in no ledger. `wrapped` is the draft's own data key; `sealed` a
-- duban.intake.v1.Complaint. Gone after `kept_until`.
create table draft (
    organ text not null,
    owner text not null,
    draft_id uuid not null,
    wrapped bytea not null,
    sealed bytea not null,
    saved_at bigint not null,
    kept_until bigint not null,
    constraint draft_pk primary key (organ, owner, draft_id)
);

create index draft_kept on draft (kept_until);
