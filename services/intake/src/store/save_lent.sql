insert into lent (organ, case_id, loan_id, body)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::bytea[])
on conflict on constraint lent_pk do update set body = excluded.body
