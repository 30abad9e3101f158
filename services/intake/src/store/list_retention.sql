-- $1 the organ; $2 the stage, of which KEPT (1) is without what is linked to an open case; $3, $4 the key that the page comes
-- after; $5 how many; $6 due by then; $7 the disposal list, or null for all.
select r.case_id, r.body
from case_retention as r
where r.organ = $1 and r.stage = $2 and (r.keep_until, r.case_id) > ($3::bigint, $4::uuid) and r.keep_until <= $6
  and ($7::uuid is null or r.list_id = $7)
  and ($2 <> 1 or not exists (
      select 1
      from case_link as l
      cross join lateral (
          select state from case_file where organ = l.other_organ and case_id = l.other_case_id limit 1
      ) as c
      where l.organ = $1 and l.case_id = r.case_id and l.stands and c.state not in (5, 6, 7, 8, 12)
  ))
  and ($2 <> 1 or not exists (
      select 1
      from case_link as l
      cross join lateral (select state from case_file where organ = l.organ and case_id = l.case_id limit 1) as c
      where l.other_organ = $1 and l.other_case_id = r.case_id and l.stands and c.state not in (5, 6, 7, 8, 12)
  ))
order by r.keep_until, r.case_id
limit $5
