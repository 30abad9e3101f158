-- The lateral join takes the primary key whatever the statistics say.
select c.case_id, c.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select case_id, body from routed_case where organ = $1 and case_id = k.case_id limit 1) as c
