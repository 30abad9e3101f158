insert into erasure (organ, case_id, kind, at, article, line, mac, told)
select * from unnest($1::text[], $2::uuid[], $3::smallint[], $4::bigint[], $5::text[], $6::bigint[], $7::bytea[], $8::boolean[])
on conflict on constraint erasure_pk do update
set line = excluded.line, mac = excluded.mac, told = erasure.told or excluded.told
