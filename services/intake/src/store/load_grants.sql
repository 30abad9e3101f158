select g.case_id, g.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from identity_grant where organ = $1 and case_id = k.case_id offset 0) as g
