-- The lateral join takes the primary key whatever the statistics say.
select d.body
from unnest($2::uuid[]) as k (deputy_id)
cross join lateral (select body from deputy where organ = $1 and deputy_id = k.deputy_id limit 1) as d
