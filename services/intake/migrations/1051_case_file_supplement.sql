-- no-transaction
-- The limits of supplements, over all organs: the tick reads those that have run out.
create index concurrently case_file_supplement on case_file (supplement_due_at) where supplement_due_at is not null;
