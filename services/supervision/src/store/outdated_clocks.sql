-- Running clocks that another calendar worked out, a page after the key $2 to $5, by the index of running clocks.
select organ, case_id, term, due_at
from clock
where stopped_at is null and calendar <> $1
  and (organ, due_at, case_id, term) > ($2, $3, $4::uuid, $5)
order by organ, due_at, case_id, term
limit $6
