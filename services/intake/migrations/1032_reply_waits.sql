-- no-transaction
create index concurrently reply_waits on reply (since) where is_open;
