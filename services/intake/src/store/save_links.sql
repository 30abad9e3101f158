insert into case_link (organ, case_id, other_organ, other_case_id, linked, at, stands)
select $1, * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::bytea[], $6::bigint[], $7::boolean[])
on conflict on constraint case_link_pk
do update set linked = excluded.linked, at = excluded.at, stands = excluded.stands
