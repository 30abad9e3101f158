insert into report (organ, report_id, state, restricted, about_case, received, received_at, closed, closed_at)
select $1, *
from unnest($2::uuid[], $3::smallint[], $4::boolean[], $5::uuid[], $6::bytea[], $7::bigint[], $8::bytea[], $9::bigint[])
on conflict on constraint report_pk do update
set state = excluded.state, closed = excluded.closed, closed_at = excluded.closed_at
