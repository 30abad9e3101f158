-- $1: the organs the caller may see; $2: open, closed, or both; $3, $4: the key that each of these comes after; $5: how many.
-- What stands at the organ that keeps it is not told twice.
select f.organ, f.file
from unnest($1::text[]) as o (organ)
cross join unnest($2::boolean[], $3::bigint[], $4::uuid[]) as w (is_open, begun_at, file_id)
cross join lateral (
    select *
    from accountability_file
    where organ = o.organ and is_listed and is_open = w.is_open and (begun_at, file_id) < (w.begun_at, w.file_id)
      and (authority = o.organ or authority <> all($1))
    order by begun_at desc, file_id desc
    limit $5
) as f
order by f.is_open desc, f.begun_at desc, f.file_id desc
limit $5
