-- $1: the organs the caller may see. The file itself before the copy of the organ concerned.
select f.organ, f.file
from unnest($1::text[]) as o (organ)
cross join lateral (
    select * from accountability_file where organ = o.organ and file_id = $2 and case_id = $3 and is_listed offset 0
) as f
order by (f.organ = f.authority) desc
limit 1
