insert into reply (organ, reply_id, case_id, occasion, since, due_at, citation, outcome, attempts, is_open, urgency, route,
                   next_at, begun, progress, code, spent, rated)
select $1, *
from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bytea[], $8::smallint[],
            $9::integer[], $10::boolean[], $11::bigint[], $12::text[], $13::bigint[], $14::bytea[], $15::smallint[],
            $16::text[], $17::integer[], $18::boolean[])
on conflict on constraint reply_pk do update
set outcome = excluded.outcome, attempts = excluded.attempts, is_open = excluded.is_open, next_at = excluded.next_at,
    begun = excluded.begun, progress = excluded.progress, code = excluded.code, spent = excluded.spent,
    rated = excluded.rated
