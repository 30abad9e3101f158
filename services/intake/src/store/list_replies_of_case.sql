-- A case has a handful of replies: all are read, and the page is cut from them.
select organ, reply_id, case_id, occasion, since, due_at, citation, outcome, attempts
from reply
where organ = $1 and case_id = $2 and is_open = any($3::boolean[])
  and ($4::boolean is null
       or ($4 and not is_open)
       or ($4 = is_open and (urgency, reply_id) > ($5::bigint, $6::uuid)))
order by is_open desc, urgency, reply_id
limit $7
