-- A case has a handful of replies: all are read, and the page is cut from them. $7: only what a person has to see to, which
-- is all that is not to be sent by the ways $8.
select r.organ, r.reply_id, r.case_id, r.occasion, r.since, r.due_at, r.citation, r.outcome, r.attempts,
       r.route, r.next_at, r.begun, r.progress, r.code, r.spent, r.rated
from unnest($2::boolean[], $3::bigint[], $4::uuid[]) as w (is_open, urgency, reply_id)
cross join lateral (
    select *
    from reply
    where organ = $1 and case_id = $6 and is_open = w.is_open and (urgency, reply_id) > (w.urgency, w.reply_id)
        and (not $7 or next_at is null or route <> all($8::text[]))
    offset 0
) as r
order by r.is_open desc, r.urgency, r.reply_id
limit $5
