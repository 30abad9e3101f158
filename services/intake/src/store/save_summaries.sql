insert into summary (organ, summary_id, case_id, state, submitted_at, body)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bytea[])
on conflict on constraint summary_pk do update set state = excluded.state, body = excluded.body
