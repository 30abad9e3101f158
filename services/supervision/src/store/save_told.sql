insert into told_rung (organ, seq, recipient, day, released_at, case_id, number, term, place, clock, rung_code, late, annulled, rung)
select $1, seq, recipient, day, released_at, case_id, number, term, place, clock, rung_code, late, annulled, rung
from unnest($2::bigint[], $3::smallint[], $4::integer[], $5::bigint[], $6::uuid[], $7::text[], $8::integer[], $9::integer[],
            $10::smallint[], $11::text[], $12::boolean[], $13::boolean[], $14::bytea[])
    as n (seq, recipient, day, released_at, case_id, number, term, place, clock, rung_code, late, annulled, rung)
