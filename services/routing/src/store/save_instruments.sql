insert into instrument (organ, instrument_id, case_id, state, urgency)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[])
on conflict on constraint instrument_pk do update set state = excluded.state, urgency = excluded.urgency
where (instrument.state, instrument.urgency) is distinct from (excluded.state, excluded.urgency)
