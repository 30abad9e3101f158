insert into routed_case (organ, case_id, state, opened_at, body, next_at, priority, moved_to)
select $1, * from unnest($2::uuid[], $3::smallint[], $4::bigint[], $5::bytea[], $6::bigint[], $7::smallint[], $8::text[])
on conflict on constraint routed_case_pk do update
set
    state = excluded.state, body = excluded.body, next_at = excluded.next_at, priority = excluded.priority, moved_to = excluded.moved_to
