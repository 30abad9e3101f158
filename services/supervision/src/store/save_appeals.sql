insert into appeal (organ, case_id, appeal_id, is_open, listed_at, body)
select $1, *
from unnest($2::uuid[], $3::uuid[], $4::boolean[], $5::bigint[], $6::bytea[])
on conflict on constraint appeal_pk do update
set is_open = excluded.is_open, listed_at = excluded.listed_at, body = excluded.body
