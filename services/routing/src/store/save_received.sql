insert into received_instrument (organ, case_id, instrument_id, state, urgency, body)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bytea[])
on conflict on constraint received_instrument_pk do update
set state = excluded.state, urgency = excluded.urgency, body = excluded.body
