-- A case's way past a leader (14(1), house), rebuilt from the ledger: what happened, never the words. `body` is the
-- intake::domain::HeldInstruction; `urgency` is 0 for the most urgent; `due_at` is the largest number where no time was set.
create table instruction (
    organ text not null,
    instruction_id uuid not null,
    case_id uuid not null,
    state smallint not null,
    urgency smallint not null,
    due_at bigint not null,
    body bytea not null,
    constraint instruction_pk primary key (organ, instruction_id)
);

create index instruction_case on instruction (organ, case_id);

create index instruction_list on instruction (organ, state, urgency, due_at, instruction_id);
