-- $1: the organ; $2: the state; $3, $4: the key that the page comes after; $5: how many.
select summary_id, case_id, body
from summary
where organ = $1 and state = $2 and (submitted_at, summary_id) > ($3::bigint, $4::uuid)
order by submitted_at, summary_id
limit $5
