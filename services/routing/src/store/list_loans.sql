-- $1: the organ; $2, $3, $4: states, and the key that each of these comes after; $5: how many.
-- Each state gives its longest waiting by the index, and the first of these are taken.
select l.state, l.requested_at, l.loan_id, l.body
from unnest($2::smallint[], $3::bigint[], $4::uuid[]) as w (state, requested_at, loan_id)
cross join lateral (
    select state, requested_at, loan_id, body
    from loan
    where organ = $1 and state = w.state and (requested_at, loan_id) > (w.requested_at, w.loan_id)
    order by requested_at, loan_id
    limit $5
) as l
order by l.state, l.requested_at, l.loan_id
limit $5
