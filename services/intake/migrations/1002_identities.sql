-- Who complains, sealed under the case's key (15). Primary data: not in the ledger, backed up as such.
create table sealed_identity (
    organ text not null,
    case_id uuid not null,
    sealed bytea not null,
    constraint sealed_identity_pk primary key (organ, case_id)
);

-- Keyed hashes of name, telephones, ID number and e-mail, by which a repeat is found without opening a seal (21).
-- Primary data as well.
create table blind_index (
    organ text not null,
    kind smallint not null,
    hash bytea not null,
    case_id uuid not null,
    constraint blind_index_pk primary key (organ, kind, hash, case_id)
);

-- Who read an identity, when and for what (15), rebuilt from the ledger; `seq` is the number of the entry.
create table identity_reading (
    organ text not null,
    case_id uuid not null,
    seq bigint not null,
    at bigint not null,
    reader text not null,
    purpose text not null,
    constraint identity_reading_pk primary key (organ, case_id, seq)
);
