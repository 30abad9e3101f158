-- The cases of entries: $1 to $3: organs, after which entry, and up to which; $4: how many of each organ, in order.
select o.organ, e.seq, e.case_id
from unnest($1::text[], $2::bigint[], $3::bigint[]) as o (organ, after, upto)
cross join lateral (
    select seq, case_id
    from entry
    where organ = o.organ and seq > o.after and seq <= o.upto and case_id is not null
    order by seq
    limit $4
) as e
