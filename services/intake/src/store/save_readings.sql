insert into identity_reading (organ, case_id, seq, at, reader, purpose)
select $1, * from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
