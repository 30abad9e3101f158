insert into notice (organ, notice_id, case_id, issued_by, issued_at, is_open, next_at, notice)
select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::boolean[], $7::bigint[], $8::bytea[])
on conflict on constraint notice_pk do update
set is_open = excluded.is_open, next_at = excluded.next_at, notice = excluded.notice
