select f.case_id, f.follow_up_id, f.told_by, f.words, f.shown
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from follow_up where organ = $1 and case_id = k.case_id offset 0) as f
