-- no-transaction
create index concurrently routed_case_unplaced on routed_case (organ, case_id) where moved_to is null;
