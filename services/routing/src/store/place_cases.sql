-- $1: the organ; $2, $3: cases of it, and where they moved to.
update routed_case as c
set moved_to = n.moved_to
from unnest($2::uuid[], $3::text[]) as n (case_id, moved_to)
where c.organ = $1 and c.case_id = n.case_id
