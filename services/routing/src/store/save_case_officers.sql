insert into case_officer (organ, person, case_id)
select $1, * from unnest($2::text[], $3::uuid[])
on conflict on constraint case_officer_pk do nothing
