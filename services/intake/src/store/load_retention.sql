select r.case_id, r.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from case_retention where organ = $1 and case_id = k.case_id limit 1) as r
