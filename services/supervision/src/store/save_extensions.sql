insert into extension (organ, extension_id, case_id, term, number, length, due_at, requested_by, requested_at, reason, state,
                       decided_by, is_open, words)
select $1, *
from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::bigint[],
            $10::bytea[], $11::smallint[], $12::text[], $13::boolean[], $14::bytea[])
on conflict on constraint extension_pk do update
set state = excluded.state, decided_by = excluded.decided_by, words = excluded.words, is_open = excluded.is_open
