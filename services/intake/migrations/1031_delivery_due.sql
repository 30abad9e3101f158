-- no-transaction
create index concurrently reply_due on reply (route, next_at) where next_at is not null;
