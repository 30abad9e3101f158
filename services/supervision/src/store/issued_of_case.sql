-- $1: the organs the caller may see. Few, so each is one probe. What stands at the organ that issued it is not told twice.
select n.notice
from unnest($1::text[]) as o (organ)
cross join lateral (
    select * from notice
    where organ = o.organ and case_id = $2 and (issued_by = o.organ or issued_by <> all($1))
    offset 0
) as n
order by n.issued_at, n.notice_id
