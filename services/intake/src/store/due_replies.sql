-- What is due at $3 by the ways $1, the longest due first: $2 how many.
select r.organ, r.reply_id, r.case_id, r.occasion, r.since, r.due_at, r.citation, r.outcome, r.attempts,
       r.route, r.next_at, r.begun, r.progress, r.code, r.spent, r.rated
from unnest($1::text[]) as w (route)
cross join lateral (
    select * from reply where route = w.route and next_at is not null and next_at <= $3 order by next_at limit $2
) as r
order by r.next_at
limit $2
