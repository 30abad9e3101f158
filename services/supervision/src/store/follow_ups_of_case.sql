-- $1: the organs the caller may see; $2: the case; $3: who asks. A case has as many as it had results.
select f.organ, f.case_id, f.follow_up_id, f.told_by, f.words, f.shown, coalesce(k.number, '') as number,
       exists (select from case_handler h where h.organ = f.organ and h.case_id = f.case_id and h.person = $3) as took_part
from unnest($1::text[]) as o (organ)
cross join lateral (select * from follow_up where organ = o.organ and case_id = $2 offset 0) as f
left join lateral (
    select number from clock where organ = f.organ and case_id = f.case_id order by term limit 1
) as k on true
order by f.is_open desc, f.due_at, f.follow_up_id
