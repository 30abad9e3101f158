-- $1: the organs the caller may see; $2: open, closed, or both; $3, $4: the key that each of these comes after; $5: how
-- many; $6: only what a person has to see to, which is all that is not to be sent by the ways $7.
select r.organ, r.reply_id, r.case_id, r.occasion, r.since, r.due_at, r.citation, r.outcome, r.attempts,
       r.route, r.next_at, r.begun, r.progress, r.code, r.spent, r.rated
from unnest($1::text[]) as o (organ)
cross join unnest($2::boolean[], $3::bigint[], $4::uuid[]) as w (is_open, urgency, reply_id)
cross join lateral (
    select *
    from reply
    where organ = o.organ and is_open = w.is_open and (urgency, reply_id) > (w.urgency, w.reply_id)
        and (not $6 or next_at is null or route <> all($7::text[]))
    order by urgency, reply_id
    limit $5
) as r
order by r.is_open desc, r.urgency, r.reply_id
limit $5
