-- $1 to $4: where each text is. The lateral joins take the primary keys whatever the statistics say.
select p.number, k.wrapped, c.sealed
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::integer[]) with ordinality
    as p (organ, case_id, item_id, version, number)
cross join lateral (
    select wrapped from case_key where organ = p.organ and case_id = p.case_id limit 1
) as k
cross join lateral (
    select sealed
    from content
    where organ = p.organ and case_id = p.case_id and item_id = p.item_id and version = p.version
    limit 1
) as c
order by p.number
