insert into accountability_file (organ, file_id, case_id, authority, is_listed, is_open, begun_at, file)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::boolean[], $6::boolean[], $7::bigint[], $8::bytea[])
on conflict on constraint accountability_file_pk do update
set is_listed = excluded.is_listed, is_open = excluded.is_open, begun_at = excluded.begun_at, file = excluded.file
