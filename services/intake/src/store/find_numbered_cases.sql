-- $1: the organs the caller may see; $2: how the number begins; $3: after every number that begins so; $4: how many.
select c.organ, c.case_id, c.state, c.version, c.number, c.received, c.received_at, c.accepted_at, c.supplement_due_at,
       c.working_item, c.working_version, c.working_commitment, c.closing, c.responsible_organ, c.term, c.finding,
       c.withdrawn, c.treatment
from (
    select o.organ, n.case_id
    from unnest($1::text[]) as o (organ)
    cross join lateral (
        select case_id
        from case_facet
        where organ = o.organ and facet = 5 and value >= $2 and value < $3
        limit $4
    ) as n
    limit $4
) as k
cross join lateral (select * from case_file where organ = k.organ and case_id = k.case_id limit 1) as c
