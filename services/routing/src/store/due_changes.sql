-- $1: now; $2: how many. State 1 is planned.
select organ, change_id
from organ_change
where state = 1 and effective_at <= $1
order by effective_at, organ, change_id
limit $2
