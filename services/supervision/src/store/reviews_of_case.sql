select r.organ, r.case_id, r.term, r.body
from unnest($1::text[]) as o (organ)
cross join lateral (select * from review where organ = o.organ and case_id = $2 offset 0) as r
order by r.term, r.organ
