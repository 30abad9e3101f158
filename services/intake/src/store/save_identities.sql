insert into sealed_identity (organ, case_id, sealed)
select $1, * from unnest($2::uuid[], $3::bytea[])
on conflict on constraint sealed_identity_pk do update set sealed = excluded.sealed
