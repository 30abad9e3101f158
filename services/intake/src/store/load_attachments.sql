select a.attachment_id, a.case_id, a.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from attachment where organ = $1 and case_id = k.case_id offset 0) as a
