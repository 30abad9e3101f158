-- The organs as the ledger of `organ` (the top of the tree, where the directory is kept) tells them.
create table organ_directory (
    organ text not null,
    code text not null,
    parent text not null,
    body bytea not null,
    constraint organ_directory_pk primary key (organ, code)
);
