-- The loans of these cases of which the organ is the lender.
select l.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select body from loan where organ = $1 and case_id = k.case_id offset 0) as l
