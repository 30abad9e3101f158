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
    version integer not null,
    grams bigint[] not null,
    constraint case_text_pk primary key (organ, case_id)
);

-- The newest of many organs together, where a word is so common that some of them have it.
create index case_text_newest on case_text (organ, received_at desc, case_id desc);

-- What is new goes onto the pending list and is merged by the batch, at a quarter of the cost. Only the indexer merges, in the
-- transaction that adds: a search reads a pending list through once for each span. Hence the limit that is never reached.
create index case_text_grams on case_text using gin (grams) with (gin_pending_list_limit = 262144);

-- Only the owner of an index may merge. Nobody else can reach the schema.
create function clean_case_text() returns bigint
language sql security definer set search_path = intake, pg_temp
as 'select gin_clean_pending_list(''case_text_grams'')';

-- Working copies that are not in case_text yet: the writer adds one with the text, the indexer takes it out.
create table text_waiting (
    organ text not null,
    case_id uuid not null,
    version integer not null,
    constraint text_waiting_pk primary key (organ, case_id, version)
);

insert into text_waiting (organ, case_id, version)
select organ, case_id, working_version from case_file where working_item is not null;
