-- $1: the organs the caller may see.
select e.organ, e.extension_id, e.case_id, e.term, e.number, e.length, e.due_at, e.requested_by, e.requested_at, e.reason,
       e.state, e.decided_by, e.words
from unnest($1::text[]) as o (organ)
cross join lateral (select * from extension where organ = o.organ and extension_id = $2 and case_id = $3 offset 0) as e
limit 1
