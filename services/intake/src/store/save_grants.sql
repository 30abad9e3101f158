insert into identity_grant (organ, grant_id, case_id, body)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::bytea[])
on conflict on constraint identity_grant_pk do update set body = excluded.body
