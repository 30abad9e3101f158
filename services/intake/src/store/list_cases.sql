-- $1: the organs the caller may see; $2: states; $3, $4: the key that the page comes after; $5: how many; $6: received then
-- or later. Each organ and state gives the keys of its newest by the index alone; the newest of these are read.
select c.organ, c.case_id, c.state, c.version, c.number, c.received, c.received_at, c.accepted_at, c.supplement_due_at,
       c.working_item, c.working_version, c.working_commitment, c.closing, c.responsible_organ, c.term, c.finding,
       c.withdrawn, c.treatment
from (
    select o.organ, n.received_at, n.case_id
    from unnest($1::text[]) as o (organ)
    cross join unnest($2::smallint[]) as s (state)
    cross join lateral (
        select received_at, case_id
        from case_file
        where organ = o.organ and state = s.state
          and (received_at, case_id) < ($3::bigint, $4::uuid) and received_at >= $6::bigint
        order by received_at desc, case_id desc
        limit $5
    ) as n
    order by n.received_at desc, n.case_id desc
    limit $5
) as k
cross join lateral (select * from case_file where organ = k.organ and case_id = k.case_id limit 1) as c
order by k.received_at desc, k.case_id desc
