select a.organ, a.case_id, a.appeal_id, a.body
from unnest($1::text[]) as o (organ)
cross join lateral (select * from appeal where organ = o.organ and case_id = $2 offset 0) as a
order by a.appeal_id, a.organ
