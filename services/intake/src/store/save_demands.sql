insert into report_demand (organ, demand_id, report_id, addressed, state, due_at, next_at, demanded, demanded_at,
                           overdue_since, answered, answered_at)
select $1, *
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::smallint[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bigint[],
            $10::bigint[], $11::bytea[], $12::bigint[])
on conflict on constraint report_demand_pk do update
set state = excluded.state, next_at = excluded.next_at, overdue_since = excluded.overdue_since, answered = excluded.answered,
    answered_at = excluded.answered_at
