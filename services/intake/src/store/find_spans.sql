-- $1: the organs the caller may see; $2: no case later than this; $3: no case earlier; $4: how many. The spans of their
-- ledgers, 32,768 entries each, the newest first: a case that began in one was received from its begin to its end.
select o.organ, s.span as number, e.recorded_at as ends_at
from unnest($1::text[]) as o (organ)
cross join lateral (select seq from head where organ = o.organ limit 1) as h
cross join lateral generate_series(0, h.seq >> 15) as s (span)
cross join lateral (
    select recorded_at from entry where organ = o.organ and seq = greatest(s.span << 15, 1) limit 1
) as b
cross join lateral (
    select recorded_at from entry where organ = o.organ and seq = least((s.span + 1) << 15, h.seq) limit 1
) as e
where b.recorded_at <= $2::bigint and e.recorded_at >= $3::bigint
order by e.recorded_at desc, o.organ, s.span desc
limit $4
