-- $1: the organs the caller may see; $2 to $5: the key that the page comes after; $6: how many.
select a.organ, a.analysis_id, a.from_day, a.to_day, a.version, a.text, a.written_by, a.written_at, a.signed_by, a.signed_at
from unnest($1::text[]) as o (organ)
cross join lateral (
    select *
    from analysis
    where organ = o.organ
      and (from_day, written_at, analysis_id) <= ($2::text, $3::bigint, $4::uuid)
      and (from_day, written_at, analysis_id, organ) < ($2, $3, $4, $5::text)
    order by from_day desc, written_at desc, analysis_id desc
    limit $6
) as a
order by a.from_day desc, a.written_at desc, a.analysis_id desc, a.organ desc
limit $6
