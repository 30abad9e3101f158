-- The data key of each case, wrapped by the master key. Deleting a row forgets the case's prose and identity.
create table case_key (
    organ text not null,
    case_id uuid not null,
    wrapped bytea not null,
    constraint case_key_pk primary key (organ, case_id)
);

-- Prose, sealed under the case's data key. A text that changes gets a new version; nothing is overwritten.
create table content (
    organ text not null,
    case_id uuid not null,
    item_id uuid not null,
    version integer not null,
    kind text not null,
    sealed bytea not null,
    constraint content_pk primary key (organ, case_id, item_id, version),
    constraint content_version_from_1 check (version >= 1)
);
