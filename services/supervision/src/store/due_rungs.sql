-- The rungs that are due, the one that waits longest first, over all organs; after them the first that is not due yet.
(select organ, case_id, term, next_at from clock where next_at <= $1 order by next_at limit $2)
union all
(select organ, case_id, term, next_at from clock where next_at > $1 order by next_at limit 1)
