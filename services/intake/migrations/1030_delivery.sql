-- How a reply goes out by the program (17), rebuilt from the ledger. `next_at`: when it is sent, or, while it is being sent,
-- until when; null where a person sees to it. `begun` is the duban.intake.v1.DeliveryBegun of the last attempt; `progress`
-- what became of it: 0 settled, 1 being made, 2 not known. `spent`: the attempts before the present series.
alter table reply
    add column route text not null default '',
    add column next_at bigint,
    add column begun bytea,
    add column progress smallint not null default 0,
    add column code text not null default '',
    add column spent integer not null default 0;
