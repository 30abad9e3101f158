-- The lateral join takes the primary key whatever the statistics say.
select c.organ, c.case_id, c.state, c.version, c.number, c.received, c.received_at, c.accepted_at, c.supplement_due_at,
       c.working_item, c.working_version, c.working_commitment, c.closing, c.responsible_organ, c.term, c.finding,
       c.withdrawn, c.treatment
from unnest($2::uuid[]) as k (case_id)
cross join lateral (select * from case_file where organ = $1 and case_id = k.case_id limit 1) as c
