insert into analysis (organ, analysis_id, from_day, to_day, version, text, written_by, written_at, signed_by, signed_at)
select $1, *
from unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::bytea[], $7::text[], $8::bigint[], $9::text[],
            $10::bigint[])
on conflict on constraint analysis_pk do update
set from_day = excluded.from_day, to_day = excluded.to_day, version = excluded.version, text = excluded.text,
    written_by = excluded.written_by, written_at = excluded.written_at, signed_by = excluded.signed_by,
    signed_at = excluded.signed_at
