insert into case_retention (organ, case_id, stage, keep_until, list_id, pending, body)
select $1, * from unnest($2::uuid[], $3::smallint[], $4::bigint[], $5::uuid[], $6::boolean[], $7::bytea[])
on conflict on constraint case_retention_pk do update
set stage = excluded.stage, keep_until = excluded.keep_until, list_id = excluded.list_id, pending = excluded.pending,
    body = excluded.body
