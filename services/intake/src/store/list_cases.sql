-- $1: the organs the caller may see; $2: states; $3, $4: the key that the page comes after; $5: how many.
-- Each organ and state gives its newest by the index, and the newest of these are taken.
select c.organ, c.case_id, c.state, c.version, c.number, c.received, c.received_at, c.accepted_at, c.supplement_due_at,
       c.working_item, c.working_version, c.working_commitment, c.closing, c.responsible_organ, c.term, c.finding,
       c.withdrawn, c.treatment
from unnest($1::text[]) as o (organ)
cross join unnest($2::smallint[]) as s (state)
cross join lateral (
    select *
    from case_file
    where organ = o.organ and state = s.state
      and (received_at, case_id) < ($3::bigint, $4::uuid)
    order by received_at desc, case_id desc
    limit $5
) as c
order by c.received_at desc, c.case_id desc
limit $5
