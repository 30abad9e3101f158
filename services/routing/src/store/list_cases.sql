-- $1: the organs the caller may see; $2: states; $3, $4, $6, $7: the key that the page comes after; $5: how many; $8: the least
-- priority. $9: where the home is one of these, what an organ knows that the case moved away from is left out.
-- Each organ and state gives its first by the index, and the first of these are taken.
select c.organ, c.case_id, c.opened_at, c.body
from unnest($1::text[]) as o (organ)
cross join unnest($2::smallint[]) as s (state)
cross join lateral (
    select organ, case_id, opened_at, priority, body
    from routed_case
    where organ = o.organ and state = s.state and priority >= $8::smallint
      and (priority, opened_at, case_id) <= ($7::smallint, $3::bigint, $4::uuid)
      and (priority, opened_at, case_id, organ) < ($7, $3, $4, $6::text)
      and coalesce(moved_to, '') <> all($9::text[])
    order by priority desc, opened_at desc, case_id desc
    limit $5
) as c
order by c.priority desc, c.opened_at desc, c.case_id desc, c.organ desc
limit $5
