-- $1: the organs the caller may see; $2: open, closed, or both; $3 to $5: the key where the page before ended; $6: how many.
select e.organ, e.extension_id, e.case_id, e.term, e.number, e.length, e.due_at, e.requested_by, e.requested_at, e.reason,
       e.state, e.decided_by
from unnest($1::text[]) as o (organ)
cross join unnest($2::boolean[]) as w (is_open)
cross join lateral (
    select *
    from extension
    where organ = o.organ and is_open = w.is_open
      and ($3::boolean is null
           or ($3 and not is_open)
           or ($3 = is_open and (requested_at, extension_id) < ($4::bigint, $5::uuid)))
    order by requested_at desc, extension_id desc
    limit $6
) as e
order by e.is_open desc, e.requested_at desc, e.extension_id desc
limit $6
