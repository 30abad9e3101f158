-- What lists begin with: the urgent, and what the public watches; 0 of all others.
alter table routed_case add column priority smallint not null default 0;
