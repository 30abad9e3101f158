-- $2: the recipients; $3, $4: the first and the last day; $5: what is released by then.
select t.day, t.recipient, t.clock, t.rung_code, count(*) as told, count(*) filter (where t.late) as late
from unnest($2::smallint[]) as r (recipient)
cross join lateral (
    select * from told_rung
    where organ = $1 and recipient = r.recipient and day >= $3 and day <= $4 and released_at <= $5 and not annulled
    offset 0
) as t
group by t.day, t.recipient, t.clock, t.rung_code
order by t.day desc, t.recipient, t.clock, t.rung_code
