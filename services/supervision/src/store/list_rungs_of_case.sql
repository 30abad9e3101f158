-- A case has a handful of rungs: all are read, and the page is cut from them.
select f.organ, f.seq, f.case_id, f.number, f.fired_at, f.rung
from fired_rung f
where f.organ = any($1::text[]) and f.case_id = $6 and (not $7::boolean or f.instrument <> 0)
  and (f.fired_at, f.seq, f.organ) < ($2::bigint, $3::bigint, $4::text)
order by f.fired_at desc, f.seq desc, f.organ desc
limit $5
