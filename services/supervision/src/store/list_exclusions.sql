-- $1: the organs the caller may see; $2: open, closed, or both; $3, $4: the key that each of these comes after; $5: how
-- many.
select e.organ, e.exclusion_id, e.case_id, e.number, e.reason, e.state, e.proposed_by, e.proposed_at, e.decided_by
from unnest($1::text[]) as o (organ)
cross join unnest($2::boolean[], $3::bigint[], $4::uuid[]) as w (is_open, proposed_at, exclusion_id)
cross join lateral (
    select *
    from exclusion
    where organ = o.organ and is_open = w.is_open
      and (proposed_at, exclusion_id) < (w.proposed_at, w.exclusion_id)
    order by proposed_at desc, exclusion_id desc
    limit $5
) as e
order by e.is_open desc, e.proposed_at desc, e.exclusion_id desc
limit $5
