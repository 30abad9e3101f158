-- What cases are looked for by: 1 channel, 2 source, 3 ground, 4 respondent, 5 number; a row for each value. Rebuilt from the
-- ledger. A case keeps its rows while its state changes. The collation makes a beginning of a number a range.
create table case_facet (
    organ text not null,
    facet smallint not null,
    value text collate "C" not null,
    received_at bigint not null,
    case_id uuid not null,
    constraint case_facet_pk primary key (organ, facet, value, received_at, case_id)
);

-- Keyed hashes of the pairs of characters in the working copy, by which words are found without opening every seal (15).
-- Primary data: not in the ledger, replaced with the working copy, deleted with the case's key. The upper 24 bits of each
-- hash are the span of the ledger in which the case began (its seq / 8192): a search reads the newest spans first, and
-- what is written now stays together in the index.
create table case_text (
    organ text not null,
    case_id uuid not null,
    received_at bigint not null,
    grams bigint[] not null,
    constraint case_text_pk primary key (organ, case_id)
);

-- The newest of many organs together, where a word is so common that some of them have it.
create index case_text_newest on case_text (organ, received_at desc, case_id desc);

-- No pending list: every search would read it through once for each span.
create index case_text_grams on case_text using gin (grams) with (fastupdate = off);
