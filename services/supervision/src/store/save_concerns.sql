insert into concern (organ, case_id, other_id, kind, about, other_organ, noted_at, is_open)
select $1, *
from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::text[], $7::bigint[], $8::boolean[])
on conflict on constraint concern_pk do update
set other_organ = excluded.other_organ, noted_at = excluded.noted_at, is_open = excluded.is_open
