insert into exclusion (organ, exclusion_id, case_id, number, reason, state, proposed_by, proposed_at, decided_by, is_open)
select $1, *
from unnest($2::uuid[], $3::uuid[], $4::text[], $5::bytea[], $6::smallint[], $7::text[], $8::bigint[], $9::text[],
            $10::boolean[])
on conflict on constraint exclusion_pk do update
set state = excluded.state, decided_by = excluded.decided_by, is_open = excluded.is_open
