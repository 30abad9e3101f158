insert into organ_version (organ, code, version, body)
select $1, * from unnest($2::text[], $3::bigint[], $4::bytea[])
on conflict on constraint organ_version_pk do update set body = excluded.body
