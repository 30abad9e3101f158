select e.organ, e.extension_id, e.case_id, e.term, e.number, e.length, e.due_at, e.requested_by, e.requested_at, e.reason,
       e.state, e.decided_by, e.words
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from extension where organ = $1 and case_id = k.case_id offset 0) as e
