-- $1: the organ; $2, $3: the key that the page comes after; $4: how many.
select deputy_id, ends_at, body
from deputy
where organ = $1 and (ends_at, deputy_id) < ($2::bigint, $3::uuid)
order by ends_at desc, deputy_id desc
limit $4
