-- $1: the organs the caller may see; $2 to $4: the key that the page comes after; $5: how many.
select f.organ, f.seq, f.case_id, f.number, f.fired_at, f.rung
from unnest($1::text[]) as o (organ)
cross join lateral (
    select *
    from fired_rung
    where organ = o.organ
      and (fired_at, seq) <= ($2::bigint, $3::bigint)
      and (fired_at, seq, organ) < ($2, $3, $4::text)
    order by fired_at desc, seq desc
    limit $5
) as f
order by f.fired_at desc, f.seq desc, f.organ desc
limit $5
