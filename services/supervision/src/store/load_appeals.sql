select a.case_id, a.appeal_id, a.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from appeal where organ = $1 and case_id = k.case_id offset 0) as a
