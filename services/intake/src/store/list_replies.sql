-- $1: the organs the caller may see; $2: open, closed, or both; $3, $4, $5: the key where the page before ended; $6: how many.
select r.organ, r.reply_id, r.case_id, r.occasion, r.since, r.due_at, r.citation, r.outcome, r.attempts
from unnest($1::text[]) as o (organ)
cross join unnest($2::boolean[]) as w (is_open)
cross join lateral (
    select *
    from reply
    where organ = o.organ and is_open = w.is_open
      and ($3::boolean is null
           or ($3 and not is_open)
           or ($3 = is_open and (urgency, reply_id) > ($4::bigint, $5::uuid)))
    order by urgency, reply_id
    limit $6
) as r
order by r.is_open desc, r.urgency, r.reply_id
limit $6
