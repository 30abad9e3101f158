select c.case_id, c.other_id, c.kind, c.about, c.other_organ, c.noted_at, c.is_open
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from concern where organ = $1 and case_id = k.case_id offset 0) as c
