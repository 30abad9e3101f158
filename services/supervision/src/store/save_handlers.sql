insert into case_handler (organ, case_id, handled_by, person, term, approved)
select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::boolean[])
on conflict on constraint case_handler_pk do update set term = excluded.term, approved = excluded.approved
