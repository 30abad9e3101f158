-- no-transaction
create unique index concurrently blind_index_of_case on blind_index (organ, case_id, kind, hash);
