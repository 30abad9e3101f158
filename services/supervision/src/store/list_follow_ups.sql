-- $1: the organs the caller may see; $2: open, closed, or both; $3, $4: the key that each of these comes after; $5: how many;
-- $6: who asks.
select f.organ, f.case_id, f.follow_up_id, f.told_by, f.words, f.shown, coalesce(k.number, '') as number,
       exists (select from case_handler h where h.organ = f.organ and h.case_id = f.case_id and h.person = $6) as took_part
from (
    select l.*
    from unnest($1::text[]) as o (organ)
    cross join unnest($2::boolean[], $3::bigint[], $4::uuid[]) as w (is_open, due_at, follow_up_id)
    cross join lateral (
        select *
        from follow_up
        where organ = o.organ and is_open = w.is_open
          and (due_at, follow_up_id) > (w.due_at, w.follow_up_id)
        order by due_at, follow_up_id
        limit $5
    ) as l
    order by l.is_open desc, l.due_at, l.follow_up_id
    limit $5
) as f
left join lateral (
    select number from clock where organ = f.organ and case_id = f.case_id order by term limit 1
) as k on true
order by f.is_open desc, f.due_at, f.follow_up_id
