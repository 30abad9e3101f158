-- Whoever holds the key of one of these cases, to keep something beside it, has to be done first. $1 organs, $2 cases.
select 1
from unnest($1::text[], $2::uuid[]) as g (organ, case_id)
cross join lateral (
    select 1 from case_key where organ = g.organ and case_id = g.case_id limit 1 for update
) as k
