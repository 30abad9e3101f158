-- no-transaction
create index concurrently blind_index_by_hash on blind_index (hash, kind);
