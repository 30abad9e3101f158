insert into follow_up (organ, case_id, follow_up_id, is_open, due_at, told_by, words, shown)
select $1, *
from unnest($2::uuid[], $3::uuid[], $4::boolean[], $5::bigint[], $6::text[], $7::bytea[], $8::bytea[])
on conflict on constraint follow_up_pk do update
set is_open = excluded.is_open, words = excluded.words, shown = excluded.shown
