select h.case_id, h.handled_by, h.person, h.term, h.approved
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from case_handler where organ = $1 and case_id = k.case_id offset 0) as h
