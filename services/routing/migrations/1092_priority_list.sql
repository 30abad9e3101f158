-- no-transaction
create index concurrently routed_case_first on routed_case (organ, state, priority desc, opened_at desc, case_id desc);
