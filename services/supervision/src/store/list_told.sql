-- $2: the recipient; $3: the day; $4: the rung, empty for all; $5, $6: the key that the page comes after; $7: what is released by
-- then; $8: how many.
select seq, case_id, number, released_at, rung
from told_rung
where organ = $1 and recipient = $2 and day = $3
  and (released_at, seq) < ($5::bigint, $6::bigint)
  and released_at <= $7 and (rung_code = $4 or $4 = '') and not annulled
order by released_at desc, seq desc
limit $8
