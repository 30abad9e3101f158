-- $1: the ledger; $2: states; $3, $4: the key that the page comes after; $5: how many.
select c.body
from unnest($2::smallint[]) as s (state)
cross join lateral (
    select effective_at, change_id, body
    from organ_change
    where organ = $1 and state = s.state and (effective_at, change_id) < ($3::bigint, $4::uuid)
    order by effective_at desc, change_id desc
    limit $5
) as c
order by c.effective_at desc, c.change_id desc
limit $5
