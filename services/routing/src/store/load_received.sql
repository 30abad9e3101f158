select c.case_id, c.body
from unnest($2::uuid[]) as k (case_id)
cross join lateral (
    select case_id, body from received_instrument where organ = $1 and case_id = k.case_id offset 0
) as c
