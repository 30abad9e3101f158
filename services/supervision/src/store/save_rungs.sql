insert into fired_rung (organ, seq, case_id, number, fired_at, instrument, rung)
select $1, * from unnest($2::bigint[], $3::uuid[], $4::text[], $5::bigint[], $6::smallint[], $7::bytea[])
