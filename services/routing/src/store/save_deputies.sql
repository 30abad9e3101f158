insert into deputy (organ, deputy_id, ends_at, body)
select $1, * from unnest($2::uuid[], $3::bigint[], $4::bytea[])
on conflict on constraint deputy_pk do update set ends_at = excluded.ends_at, body = excluded.body
