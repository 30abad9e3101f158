insert into attachment (organ, attachment_id, case_id, state, since, body)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bytea[])
on conflict on constraint attachment_pk
do update set state = excluded.state, since = excluded.since, body = excluded.body
