-- A case in the ledgers of these organs: $1 the organs, $2 the case.
select c.organ, c.body
from unnest($1::text[]) as o (organ)
cross join lateral (select organ, body from routed_case where organ = o.organ and case_id = $2 limit 1) as c
order by c.organ
