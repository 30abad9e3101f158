-- Whoever erases one of these cases has to be done first, or waits. $1 organs, $2 cases.
select 1
from unnest($1::text[], $2::uuid[]) as t (organ, case_id)
cross join lateral (
    select 1 from case_key where organ = t.organ and case_id = t.case_id limit 1 for share
) as k
