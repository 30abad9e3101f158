-- The notices whose answer is overdue, the one that waits longest first, over all organs; after them the first that is not yet.
(select organ, case_id, notice_id, next_at from notice where next_at <= $1 order by next_at limit $2)
union all
(select organ, case_id, notice_id, next_at from notice where next_at > $1 order by next_at limit 1)
