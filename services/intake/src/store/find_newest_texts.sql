-- $1: organs; $2, $3: where the hashes of each begin and end in $4; $5, $6: the key that all come after; $7: received then or
-- later; $8: how many are looked at. The newest cases, and which of them have all the hashes.
select k.organ, k.received_at, k.case_id, coalesce(t.grams @> q.grams, false) as has
from (
    select o.organ, o.first, o.last, n.received_at, n.case_id
    from unnest($1::text[], $2::integer[], $3::integer[]) as o (organ, first, last)
    cross join lateral (
        select received_at, case_id
        from case_text
        where organ = o.organ and (received_at, case_id) < ($5::bigint, $6::uuid) and received_at >= $7::bigint
        order by received_at desc, case_id desc
        limit $8
    ) as n
    order by n.received_at desc, n.case_id desc
    limit $8
) as k
cross join lateral (select grams from case_text where organ = k.organ and case_id = k.case_id limit 1) as t
cross join lateral (
    select array_agg(((t.grams[1] >> 40) << 40) | h.hash) as grams
    from unnest(($4::bigint[])[k.first:k.last]) as h (hash) offset 0
) as q
order by k.received_at desc, k.case_id desc
