-- $1: the organs the caller may see; $2 to $5: the key that the page comes after; $6: how many.
select f.organ, f.frozen_id, f.signed_by, f.signed_at, f.frozen
from unnest($1::text[]) as o (organ)
cross join lateral (
    select *
    from frozen_period
    where organ = o.organ
      and (from_day, version, frozen_id) <= ($2::text, $3::integer, $4::uuid)
      and (from_day, version, frozen_id, organ) < ($2, $3, $4, $5::text)
    order by from_day desc, version desc, frozen_id desc
    limit $6
) as f
order by f.from_day desc, f.version desc, f.frozen_id desc, f.organ desc
limit $6
