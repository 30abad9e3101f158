insert into review (organ, case_id, term, list, since, body)
select $1, *
from unnest($2::uuid[], $3::integer[], $4::smallint[], $5::bigint[], $6::bytea[])
on conflict on constraint review_pk do update
set list = excluded.list, since = excluded.since, body = excluded.body
