-- $1, $2: organs and cases of theirs.
select c.organ, c.case_id, c.state, c.version, c.number, c.received, c.received_at, c.accepted_at, c.supplement_due_at,
       c.working_item, c.working_version, c.working_commitment, c.closing, c.responsible_organ, c.term, c.finding,
       c.withdrawn, c.treatment
from unnest($1::text[], $2::uuid[]) as k (organ, case_id)
cross join lateral (select * from case_file where organ = k.organ and case_id = k.case_id limit 1) as c
order by c.received_at desc, c.case_id desc
