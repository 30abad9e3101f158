-- $1: the organs the caller may see; $2: states; $3, $4: the key that each of these comes after; $5: how many.
-- Each organ and state gives its most urgent by the index, and the first of these are taken.
select r.organ, c.number, r.case_id, r.referred_at, r.due_at, r.overdue_since, r.referred, r.answer
from unnest($1::text[]) as o (organ)
cross join unnest($2::smallint[], $3::bigint[], $4::uuid[]) as w (state, urgency, case_id)
cross join lateral (
    select *
    from referral
    where organ = o.organ and state = w.state and (urgency, case_id) > (w.urgency, w.case_id)
    order by urgency, case_id
    limit $5
) as r
cross join lateral (select number from case_file where organ = r.organ and case_id = r.case_id limit 1) as c
order by r.state, r.urgency, r.case_id
limit $5
