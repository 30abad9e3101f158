select e.organ, e.exclusion_id, e.case_id, e.number, e.reason, e.state, e.proposed_by, e.proposed_at, e.decided_by
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from exclusion where organ = $1 and case_id = k.case_id offset 0) as e
