select e.organ, e.case_id, e.kind
from unnest($1::text[], $2::uuid[]) as k (organ, case_id)
cross join lateral (select * from erasure where organ = k.organ and case_id = k.case_id offset 0) as e
