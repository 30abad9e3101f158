insert into case_home (organ, case_id, holder)
select $1, * from unnest($2::uuid[], $3::text[])
on conflict on constraint case_home_pk do update set holder = excluded.holder
where case_home.holder <> excluded.holder
