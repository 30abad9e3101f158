select s.summary_id, s.case_id, s.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from summary where organ = $1 and case_id = k.case_id offset 0) as s
