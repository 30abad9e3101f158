-- $1: the organs the caller may see; $2: open, closed, or both; $3, $4: the key that each of these comes after; $5: how
-- many.
select e.organ, e.extension_id, e.case_id, e.term, e.number, e.length, e.due_at, e.requested_by, e.requested_at, e.reason,
       e.state, e.decided_by, e.words
from unnest($1::text[]) as o (organ)
cross join unnest($2::boolean[], $3::bigint[], $4::uuid[]) as w (is_open, requested_at, extension_id)
cross join lateral (
    select *
    from extension
    where organ = o.organ and is_open = w.is_open
      and (requested_at, extension_id) < (w.requested_at, w.extension_id)
    order by requested_at desc, extension_id desc
    limit $5
) as e
order by e.is_open desc, e.requested_at desc, e.extension_id desc
limit $5
