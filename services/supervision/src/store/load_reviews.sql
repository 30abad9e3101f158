select r.case_id, r.term, r.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from review where organ = $1 and case_id = k.case_id offset 0) as r
