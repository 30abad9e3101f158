-- $1, $2: organs and spans of their ledgers; $3, $4: where the hashes of each begin and end in $5; $6, $7: the key that all
-- come after; $8: received then or later; $9: how many. The hashes are the organ's own, so the index alone
-- finds its cases and no other's.
select s.organ, t.received_at, t.case_id
from unnest($1::text[], $2::bigint[], $3::integer[], $4::integer[]) as s (organ, span, first, last)
cross join lateral (
    select array_agg((s.span << 40) | h.hash) as grams from unnest(($5::bigint[])[s.first:s.last]) as h (hash) offset 0
) as g
cross join lateral (
    select f.received_at, f.case_id
    from (select organ, received_at, case_id from case_text where grams @> g.grams offset 0) as f
    where f.organ = s.organ and (f.received_at, f.case_id) < ($6::bigint, $7::uuid) and f.received_at >= $8::bigint
    order by f.received_at desc, f.case_id desc
    limit $9
) as t
order by t.received_at desc, t.case_id desc
limit $9
