-- $1: the organ; $2: whether open, answered or both; $3, $4: the key that the page comes after; $5: how many.
select c.guidance_id, c.body
from unnest($2::boolean[]) as o (open)
cross join lateral (
    select guidance_id, asked_at, body
    from guidance
    where organ = $1 and open = o.open and (asked_at, guidance_id) < ($3::bigint, $4::uuid)
    order by asked_at desc, guidance_id desc
    limit $5
) as c
order by c.asked_at desc, c.guidance_id desc
limit $5
