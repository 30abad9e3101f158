-- Rows that a version before this one wrote; those that a writer is at come with a later look.
select organ, case_id, body
from routed_case
where moved_to is null
order by organ, case_id
limit $1
for update skip locked
