-- The cases of which something is due at $1, the longest due first, over all organs; $2: how many.
select organ, case_id from routed_case where next_at <= $1 order by next_at limit $2
