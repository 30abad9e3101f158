insert into instruction (organ, instruction_id, case_id, state, urgency, due_at, body)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::smallint[], $6::bigint[], $7::bytea[])
on conflict on constraint instruction_pk
do update set state = excluded.state, urgency = excluded.urgency, due_at = excluded.due_at, body = excluded.body
