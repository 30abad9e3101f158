-- $1: the organs the caller may see; $2: handled elsewhere; $3: closed; $4, $5, $6, $7: the key that the page comes after;
-- $8: how many. Each organ gives its most urgent by the index, and the most urgent of these are taken.
select p.organ, p.case_id, p.part, p.due_at, c.body
from unnest($1::text[]) as o (organ)
cross join lateral (
    select organ, case_id, part, due_at
    from case_part
    where organ = o.organ and elsewhere = $2 and closed = $3
      and (due_at, case_id, part) >= ($4::bigint, $5::uuid, $6::integer)
      and (due_at, case_id, part, organ) > ($4, $5, $6, $7::text)
    order by due_at, case_id, part
    limit $8
) as p
cross join lateral (select body from routed_case where organ = p.organ and case_id = p.case_id limit 1) as c
order by p.due_at, p.case_id, p.part, p.organ
limit $8
