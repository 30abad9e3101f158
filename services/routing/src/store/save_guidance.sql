insert into guidance (organ, guidance_id, open, asked_at, body)
select $1, * from unnest($2::uuid[], $3::boolean[], $4::bigint[], $5::bytea[])
on conflict on constraint guidance_pk do update set open = excluded.open, body = excluded.body
