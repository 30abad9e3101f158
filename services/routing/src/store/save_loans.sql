insert into loan (organ, case_id, loan_id, state, requested_at, body)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bytea[])
on conflict on constraint loan_pk do update set state = excluded.state, body = excluded.body
