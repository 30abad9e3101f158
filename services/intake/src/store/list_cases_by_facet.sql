-- $1: the organs the caller may see; $2, $3: a facet and its values; $4, $5: the key that the page comes after; $6: how
-- many; $7: received then or later. A case with two of the values is one.
select c.organ, c.case_id, c.state, c.version, c.number, c.received, c.received_at, c.accepted_at, c.supplement_due_at,
       c.working_item, c.working_version, c.working_commitment, c.closing, c.responsible_organ, c.term, c.finding,
       c.withdrawn, c.treatment
from (
    select distinct n.received_at, n.case_id, o.organ
    from unnest($1::text[]) as o (organ)
    cross join unnest($3::text[]) as v (value)
    cross join lateral (
        select received_at, case_id
        from case_facet
        where organ = o.organ and facet = $2::smallint and value = v.value
          and (received_at, case_id) < ($4::bigint, $5::uuid) and received_at >= $7::bigint
        order by received_at desc, case_id desc
        limit $6
    ) as n
    order by n.received_at desc, n.case_id desc
    limit $6
) as k
cross join lateral (select * from case_file where organ = k.organ and case_id = k.case_id limit 1) as c
order by k.received_at desc, k.case_id desc
