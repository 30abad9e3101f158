-- What the regulation says became of a case that is anonymous or was never completed (10); 0 for any other.
alter table case_file add column treatment smallint not null default 0;
