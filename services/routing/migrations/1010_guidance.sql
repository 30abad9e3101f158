-- Questions to the centre and its guidance (5(4), 23), as this organ's ledger knows them: asked by it, or of it. Rebuilt from the
-- ledger. `body` is the whole (routing's domain::Guidance); moments are microseconds since 1970, UTC.
create table guidance (
    organ text not null,
    guidance_id uuid not null,
    open boolean not null,
    asked_at bigint not null,
    body bytea not null,
    constraint guidance_pk primary key (organ, guidance_id)
);

-- Lists, newest first: what waits for an answer is not looked for among all that was ever asked.
create index guidance_list on guidance (organ, open, asked_at desc, guidance_id desc);
