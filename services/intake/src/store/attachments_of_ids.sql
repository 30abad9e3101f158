select a.attachment_id, a.case_id, a.body
from unnest($2::uuid[]) as k (attachment_id)
cross join lateral (select * from attachment where organ = $1 and attachment_id = k.attachment_id limit 1) as a
