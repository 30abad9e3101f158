-- $1: organs; $2: how many.
select c.organ, c.case_id, c.holder
from unnest($1::text[]) as o (organ)
cross join lateral (
    select organ, case_id, holder from case_home where holder = o.organ and holder <> '' order by organ, case_id limit $2
) as c
limit $2
