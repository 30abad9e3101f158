-- What was referred to a department, and whether it answered (14(4)), rebuilt from the ledger. `state` is a
-- duban.intake.v1.ReferralState; `urgency` is `due_at`, or the end of time where there is no limit; `next_at` is when the limit
-- of an open one runs out; `referred` is the duban.intake.v1.CaseReferred, `answer` the ReferralAnswered.
create table referral (
    organ text not null,
    case_id uuid not null,
    state smallint not null,
    urgency bigint not null,
    next_at bigint,
    referred_at bigint not null,
    due_at bigint,
    overdue_since bigint,
    referred bytea not null,
    answer bytea,
    constraint referral_pk primary key (organ, case_id)
);

create index referral_list on referral (organ, state, urgency, case_id);

create index referral_next on referral (next_at) where next_at is not null;
