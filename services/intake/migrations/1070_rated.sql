-- The complainant rated the result that this reply told (16, house).
alter table reply add column rated boolean not null default false;
