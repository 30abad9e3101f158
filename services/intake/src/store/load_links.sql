select l.case_id, l.other_organ, l.other_case_id, l.linked, l.at, l.stands
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from case_link where organ = $1 and case_id = k.case_id offset 0) as l
