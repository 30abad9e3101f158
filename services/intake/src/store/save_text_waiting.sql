insert into text_waiting (organ, case_id, version)
select $1, t.case_id, t.version from unnest($2::uuid[], $3::integer[]) as t (case_id, version)
on conflict on constraint text_waiting_pk do nothing
