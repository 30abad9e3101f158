-- $1: the organ; $2: the state; $3 to $5: the key that the page comes after; $6: how many.
select instruction_id, case_id, body
from instruction
where organ = $1 and state = $2 and (urgency, due_at, instruction_id) > ($3::smallint, $4::bigint, $5::uuid)
order by urgency, due_at, instruction_id
limit $6
