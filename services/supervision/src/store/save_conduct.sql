insert into conduct (organ, case_id, is_due, conduct)
select $1, * from unnest($2::uuid[], $3::boolean[], $4::bytea[])
on conflict on constraint conduct_pk do update set is_due = excluded.is_due, conduct = excluded.conduct
