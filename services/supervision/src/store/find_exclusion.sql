-- $1: the organs the caller may see.
select e.organ, e.exclusion_id, e.case_id, e.number, e.reason, e.state, e.proposed_by, e.proposed_at, e.decided_by
from unnest($1::text[]) as o (organ)
cross join lateral (select * from exclusion where organ = o.organ and exclusion_id = $2 offset 0) as e
limit 1
