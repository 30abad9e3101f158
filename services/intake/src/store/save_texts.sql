-- $2: cases; $3, $4: where the hashes of each begin and end in $5. The entry that began the case tells its span.
insert into case_text (organ, case_id, received_at, grams)
select $1, k.case_id, e.recorded_at,
       array(select ((e.seq >> 13) << 40) | h.hash from unnest(($5::bigint[])[k.first:k.last]) as h (hash))
from unnest($2::uuid[], $3::integer[], $4::integer[]) as k (case_id, first, last)
cross join lateral (
    select seq, recorded_at from entry where organ = $1 and case_id = k.case_id order by seq limit 1
) as e
on conflict on constraint case_text_pk do update set grams = excluded.grams
