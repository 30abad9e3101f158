-- $1, $2, $3: organs, cases and versions of their working copies; $4, $5: where the hashes of each begin and end in $6. The
-- entry that began the case tells its span. The keys are held by the statement before.
insert into case_text as old (organ, case_id, received_at, version, grams)
select t.organ, t.case_id, e.recorded_at, t.version,
       array(select ((e.seq >> 15) << 40) | h.hash from unnest(($6::bigint[])[t.first:t.last]) as h (hash))
from unnest($1::text[], $2::uuid[], $3::integer[], $4::integer[], $5::integer[])
    as t (organ, case_id, version, first, last)
cross join lateral (
    select seq, recorded_at from entry where organ = t.organ and case_id = t.case_id order by seq limit 1
) as e
cross join lateral (select 1 from case_key where organ = t.organ and case_id = t.case_id limit 1) as k
on conflict on constraint case_text_pk do update set version = excluded.version, grams = excluded.grams
where old.version < excluded.version or excluded.version = 1
