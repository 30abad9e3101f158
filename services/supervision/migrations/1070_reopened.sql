-- A clock of a round after the case was opened again (3): it counts on the board of the home beside the case's own, stopped one.
alter table clock add column reopened boolean not null default false;
