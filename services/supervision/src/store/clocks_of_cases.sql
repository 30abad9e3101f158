-- $1, $2: organs and cases, a pair each.
select c.*,
       (select e.requested_by from extension e
        where e.organ = c.organ and e.case_id = c.case_id and e.term = c.term and e.is_open limit 1) as asked_by,
       (select e.length from extension e
        where e.organ = c.organ and e.case_id = c.case_id and e.term = c.term and e.is_open limit 1) as asked_length
from unnest($1::text[], $2::uuid[]) as k (organ, case_id)
cross join lateral (select * from clock where organ = k.organ and case_id = k.case_id offset 0) as c
