-- $1: the organs the caller may see. Few, so each is one probe of the primary key.
select c.organ, c.case_id, c.state, c.version, c.number, c.received, c.received_at, c.accepted_at, c.supplement_due_at,
       c.working_item, c.working_version, c.working_commitment, c.closing, c.responsible_organ, c.term, c.finding,
       c.withdrawn, c.treatment
from unnest($1::text[]) as o (organ)
cross join lateral (select * from case_file where organ = o.organ and case_id = $2 limit 1) as c
limit 1
