-- When the next becomes due after $2, by the ways $1.
select r.next_at
from unnest($1::text[]) as w (route)
cross join lateral (
    select next_at from reply where route = w.route and next_at is not null and next_at > $2 order by next_at limit 1
) as r
order by r.next_at
limit 1
