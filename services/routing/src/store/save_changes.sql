insert into organ_change (organ, change_id, state, effective_at, body)
select $1, * from unnest($2::uuid[], $3::smallint[], $4::bigint[], $5::bytea[])
on conflict on constraint organ_change_pk do update set state = excluded.state, body = excluded.body
