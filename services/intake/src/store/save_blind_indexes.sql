insert into blind_index (organ, kind, hash, case_id)
select $1, * from unnest($2::smallint[], $3::bytea[], $4::uuid[])
on conflict on constraint blind_index_pk do nothing
