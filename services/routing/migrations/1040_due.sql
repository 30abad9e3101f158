-- The next moment at which a limit of the case runs out, where one runs: what the tick reads.
alter table routed_case add column next_at bigint;
