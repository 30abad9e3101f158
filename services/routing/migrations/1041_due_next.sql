-- no-transaction
create index concurrently routed_case_next on routed_case (next_at) where next_at is not null;
