-- The open cases that an officer investigates, the oldest id first. $1: the organ; $2: the officer; $3: how many.
select o.case_id, c.body
from (select case_id from case_officer where organ = $1 and person = $2 order by case_id limit $3) as o
cross join lateral (select body from routed_case where organ = $1 and case_id = o.case_id limit 1) as c
order by o.case_id
