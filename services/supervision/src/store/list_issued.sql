-- $1: the organs the caller may see; $2: open, closed, or both; $3, $4: the key that each of these comes after; $5: how many.
-- What stands at the organ that issued it is not told twice.
select n.notice
from unnest($1::text[]) as o (organ)
cross join unnest($2::boolean[], $3::bigint[], $4::uuid[]) as w (is_open, issued_at, notice_id)
cross join lateral (
    select *
    from notice
    where organ = o.organ and is_open = w.is_open and (issued_at, notice_id) < (w.issued_at, w.notice_id)
      and (issued_by = o.organ or issued_by <> all($1))
    order by issued_at desc, notice_id desc
    limit $5
) as n
order by n.is_open desc, n.issued_at desc, n.notice_id desc
limit $5
