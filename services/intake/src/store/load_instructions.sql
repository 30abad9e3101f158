select i.instruction_id, i.case_id, i.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from instruction where organ = $1 and case_id = k.case_id offset 0) as i
