-- $1: the organs the caller may see; $2: open, closed, or both; $3 to $5: the key that each of these comes after; $6: how many.
select c.organ, c.case_id, c.other_id, c.kind, c.about, c.other_organ, c.noted_at, c.is_open, coalesce(k.number, '') as number
from (
    select l.*
    from unnest($1::text[]) as o (organ)
    cross join unnest($2::boolean[], $3::bigint[], $4::uuid[], $5::uuid[]) as w (is_open, noted_at, case_id, other_id)
    cross join lateral (
        select *
        from concern
        where organ = o.organ and is_open = w.is_open
          and (noted_at, case_id, other_id) < (w.noted_at, w.case_id, w.other_id)
        order by noted_at desc, case_id desc, other_id desc
        limit $6
    ) as l
    order by l.is_open desc, l.noted_at desc, l.case_id desc, l.other_id desc
    limit $6
) as c
left join lateral (
    select number from clock where organ = c.organ and case_id = coalesce(c.about, c.case_id) order by term limit 1
) as k on true
order by c.is_open desc, c.noted_at desc, c.case_id desc, c.other_id desc
