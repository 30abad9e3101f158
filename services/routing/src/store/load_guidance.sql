select c.guidance_id, c.body
from unnest($2::uuid[]) as k (guidance_id)
cross join lateral (
    select guidance_id, body from guidance where organ = $1 and guidance_id = k.guidance_id limit 1
) as c
