insert into case_part (organ, case_id, part, elsewhere, closed, due_at)
select $1, * from unnest($2::uuid[], $3::integer[], $4::boolean[], $5::boolean[], $6::bigint[])
on conflict on constraint case_part_pk do update set
    elsewhere = excluded.elsewhere, closed = excluded.closed, due_at = excluded.due_at
